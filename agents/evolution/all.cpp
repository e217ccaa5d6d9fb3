// Evolution strategies: policies that need no gradient. A row for each learner, in alphabetical order.
#include "agents/evolution/cma_es.h"
#include "agents/evolution/openai_es.h"
#include "agents/families.h"

namespace agents {

std::vector<training::Entry> evolution() {
  return {
      {.name = "cma_es",
       .sentence = "Evolution strategy that learns the shape of its own distribution",
       .source = "Hansen 2016, The CMA Evolution Strategy: A Tutorial",
       .trial = "{agent: cma_es, env: {id: CartPole-v1, max_episode_steps: 50}, cma_es: "
                "{population: 6, episodes: 2}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<CmaEs>},
      {.name = "openai_es",
       .sentence = "Evolution strategy that climbs the gradient of a smoothed return",
       .source = "Salimans et al. 2017, Evolution Strategies as a Scalable Alternative to "
                 "Reinforcement Learning",
       .updates = {"policy"},
       .trial = "{agent: openai_es, env: {id: CartPole-v1, max_episode_steps: 50}, openai_es: "
                "{population: 6}, optim: {lr: 0.1}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<OpenAiEs>},
  };
}

}  // namespace agents
