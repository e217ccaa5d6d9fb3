// Continuous actions, learned from replayed transitions. A row for each learner, in alphabetical order.
#include "agents/continuous/sac.h"
#include "agents/families.h"

namespace agents {

std::vector<training::Entry> continuous() {
  return {
      {.name = "sac",
       .sentence = "A policy of high return and entropy by two critics, from replayed transitions",
       .source = "Haarnoja et al. 2018, Soft actor-critic algorithms and applications",
       .updates = {"actor", "critic", "temperature"},
       .trial = "{agent: sac, env: {id: Pendulum-v1, max_episode_steps: 50}, net: {hidden: [32]}, "
                "sac: {num_envs: 2, train_every: 4, gradient_steps: 2, batch_size: 16, buffer_size: 150, "
                "learning_starts: 30}, train: {steps: 60}, eval: {episodes: 3}}",
       .factory = training::factory<Sac>},
  };
}

}  // namespace agents
