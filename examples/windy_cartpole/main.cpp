// Outside the house: an environment of its own, played by a policy that `atelier run` has trained.
#include <agents/evaluation.h>
#include <envs/batched.h>
#include <envs/classic_control/cartpole.h>
#include <iostream>
struct WindyCartPole : envs::CartPole<envs::Exact> {  // a steady wind pushes the cart to the right
  envs::Outcome step(State& s, Action action, Random& random) const {
    s.x_dot += 0.01;
    return CartPole::step(s, action, random);
  }
};
int main(int, char** argv) {
  auto env = envs::batch(WindyCartPole{}, WindyCartPole{}.spec(), 10);
  std::cout << "mean return in the wind: " << agents::play(env, agents::load_policy(argv[1])) << '\n';
}
