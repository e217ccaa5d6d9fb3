// Learning from what others recorded. A row for each learner, in alphabetical order.
#include "agents/families.h"
#include "agents/offline/bc.h"

namespace agents {

std::vector<training::Entry> offline() {
  return {
      {.name = "bc",
       .sentence = "Behaviour cloning: does what was recorded in episodes.h5, a Minari or a D4RL data set",
       .source = "Pomerleau 1991, Efficient training of artificial neural networks for autonomous navigation",
       .updates = {"policy"},
       .trial = "{agent: bc, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [16]}, "
                "bc: {episodes: 8, batch_size: 16}, train: {steps: 60}, eval: {episodes: 3}}",
       .factory = training::factory<BehaviourCloning>},
  };
}

}  // namespace agents
