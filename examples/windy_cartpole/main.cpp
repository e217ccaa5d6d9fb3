// Outside the house: an environment of its own, played by a policy that `atelier run` has trained.
#include <agents/all.h>
#include <agents/tensors.h>
#include <envs/batched.h>
#include <envs/cartpole.h>
#include <supervised/all.h>
#include <training/checkpoint.h>

#include <iostream>

struct WindyCartPole : envs::CartPole<envs::Exact> {  // a steady wind pushes the cart to the right
  envs::Outcome step(State& s, Action action, Random& random) const {
    s.x_dot += 0.01;
    return CartPole::step(s, action, random);
  }
};

int main(int, char** argv) {
  training::Session trained = training::load_trained(argv[1], {agents::all(), supervised::all()});
  envs::Spec spec = WindyCartPole{}.spec();
  spec.max_episode_steps = 500;
  envs::Batched<WindyCartPole> env({}, spec, 1);
  torch::Tensor obs = agents::observation_tensor(spec, {1}), ended = torch::zeros({2}, torch::kUInt8);
  double score = 0;
  float reward = 0;
  env.reset(0, agents::bytes(obs));
  for (auto* end = ended.data_ptr<uint8_t>(); !end[0] && !end[1]; score += reward) {
    const torch::Tensor action = trained.registry.act(obs, true, {}).actions;
    env.step(agents::actions_of(action, spec), {agents::bytes(obs), &reward, end, end + 1});
  }
  std::cout << "return in the wind: " << score << '\n';
}
