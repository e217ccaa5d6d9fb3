// Evolution: policies that need no gradient. A row for each learner, in alphabetical order.
#include "agents/evolution/ars.h"
#include "agents/evolution/cma_es.h"
#include "agents/evolution/genetic.h"
#include "agents/evolution/openai_es.h"
#include "agents/evolution/sep_cma_es.h"
#include "agents/evolution/snes.h"
#include "agents/families.h"

namespace agents {

std::vector<training::Entry> evolution() {
  return {
      {.name = "ars",
       .sentence = "Random search that steps along the best of its random directions",
       .source = "Mania, Guy & Recht 2018, Simple random search of static linear policies is competitive for "
                 "reinforcement learning",
       .trial = "{agent: ars, env: {id: CartPole-v1, max_episode_steps: 50}, ars: {population: 6, top: 2}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Ars>},
      {.name = "cma_es",
       .sentence = "Evolution strategy that learns the shape of its own distribution",
       .source = "Hansen 2016, The CMA Evolution Strategy: A Tutorial",
       .trial = "{agent: cma_es, env: {id: CartPole-v1, max_episode_steps: 50}, cma_es: "
                "{population: 6, episodes: 2}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<CmaEs>,
       .other_trial = {"cma_es.restarts=1"}},  // which it counts
      {.name = "genetic",
       .sentence = "Genetic algorithm: the best of a generation have mutated children",
       .source =
           "Such et al. 2017, Deep Neuroevolution: Genetic Algorithms are a Competitive Alternative for "
           "Training Deep Neural Networks for Reinforcement Learning",
       .trial = "{agent: genetic, env: {id: CartPole-v1, max_episode_steps: 50}, genetic: {population: 6, "
                "episodes: 1, parents: 3}, net: {hidden: [4]}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Genetic>},
      {.name = "openai_es",
       .sentence = "Evolution strategy that climbs the gradient of a smoothed return",
       .source = "Salimans et al. 2017, Evolution Strategies as a Scalable Alternative to "
                 "Reinforcement Learning",
       .updates = {"policy"},
       .trial = "{agent: openai_es, env: {id: CartPole-v1, max_episode_steps: 50}, openai_es: "
                "{population: 6}, optim: {lr: 0.1}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<OpenAiEs>},
      {.name = "sep_cma_es",
       .sentence = "CMA-ES with a deviation for each parameter, for networks of any size",
       .source =
           "Ros & Hansen 2008, A Simple Modification in CMA-ES Achieving Linear Time and Space Complexity",
       .trial = "{agent: sep_cma_es, env: {id: CartPole-v1, max_episode_steps: 50}, sep_cma_es: "
                "{population: 6, episodes: 2}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<SepCmaEs>},
      {.name = "snes",
       .sentence = "Evolution strategy that follows the natural gradient of its mean and deviations",
       .source = "Schaul, Glasmachers & Schmidhuber 2011, High Dimensions and Heavy Tails for Natural "
                 "Evolution Strategies",
       .trial = "{agent: snes, env: {id: CartPole-v1, max_episode_steps: 50}, snes: {population: 6, "
                "episodes: 2}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Snes>},
  };
}

}  // namespace agents
