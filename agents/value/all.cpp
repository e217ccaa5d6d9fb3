// Action values by a net, learned from replayed transitions. A row for each learner, in alphabetical order.
#include "agents/families.h"
#include "agents/value/dqn.h"

namespace agents {

std::vector<training::Entry> value() {
  return {
      {.name = "dqn",
       .sentence =
           "Action values from replayed transitions: double, dueling, prioritised, n-step, with memory",
       .source = "Mnih et al. 2015, Human-level control through deep reinforcement learning",
       .updates = {"q"},
       .trial = "{agent: dqn, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [32]}, "
                "dqn: {num_envs: 2, train_every: 4, batch_size: 16, buffer_size: 150, "
                "learning_starts: 30, n_step: 2, target_every: 5, dueling: true, prioritised: true}, "
                "train: {steps: 100}, eval: {episodes: 3}}",
       .factory = training::factory<Dqn>},
  };
}

}  // namespace agents
