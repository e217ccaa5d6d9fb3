#include "agents/all.h"

#include "agents/a2c.h"
#include "agents/cma_es.h"
#include "agents/dqn.h"
#include "agents/openai_es.h"
#include "agents/ppo.h"
#include "agents/q_learning.h"
#include "agents/reinforce.h"
#include "agents/value_iteration.h"

namespace agents {

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table(
      "agent",
      {
          {.name = "a2c",
           .sentence = "Advantage actor-critic that learns from a few steps of many environments at a time",
           .source = "Mnih et al. 2016, Asynchronous methods for deep reinforcement learning",
           .updates = {"actor_critic"},
           .trial = "{agent: a2c, env: {id: CartPole-v1, max_episode_steps: 50}, train: {steps: 40}, "
                    "eval: {episodes: 3}}",
           .blueprint = training::blueprint<A2c>},
          {.name = "cma_es",
           .sentence = "Evolution strategy that learns the shape of its own distribution",
           .source = "Hansen 2016, The CMA Evolution Strategy: A Tutorial",
           .trial = "{agent: cma_es, env: {id: CartPole-v1, max_episode_steps: 50}, cma_es: "
                    "{population: 6, episodes: 2}, train: {steps: 8}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<CmaEs>},
          {.name = "dqn",
           .sentence = "Action values from replayed transitions: double, dueling, prioritised, n-step",
           .source = "Mnih et al. 2015, Human-level control through deep reinforcement learning",
           .updates = {"q"},
           .trial = "{agent: dqn, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [32]}, "
                    "dqn: {num_envs: 2, train_every: 4, batch_size: 16, buffer_size: 150, "
                    "learning_starts: 30, n_step: 2, target_every: 5, dueling: true, prioritised: true}, "
                    "train: {steps: 100}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<Dqn>},
          {.name = "openai_es",
           .sentence = "Evolution strategy that climbs the gradient of a smoothed return",
           .source = "Salimans et al. 2017, Evolution Strategies as a Scalable Alternative to "
                     "Reinforcement Learning",
           .updates = {"policy"},
           .trial = "{agent: openai_es, env: {id: CartPole-v1, max_episode_steps: 50}, openai_es: "
                    "{population: 6}, optim: {lr: 0.1}, train: {steps: 8}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<OpenAiEs>},
          {.name = "ppo",
           .sentence = "Policy gradient by several clipped passes over each rollout, discrete or Gaussian",
           .source = "Schulman et al. 2017, Proximal policy optimization algorithms",
           .updates = {"actor_critic"},
           .trial = "{agent: ppo, env: {id: Pendulum-v1, max_episode_steps: 50}, ppo: {num_steps: 32, "
                    "minibatch_size: 64}, train: {steps: 8}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<Ppo>},
          {.name = "q_learning",
           .sentence = "A table of action values, learned from every transition that is played",
           .source = "Watkins & Dayan 1992, Q-learning",
           .trial = "{agent: q_learning, env: FrozenLake-v1, q_learning: {num_steps: 20}, "
                    "train: {steps: 8}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<QLearning>},
          {.name = "reinforce",
           .sentence = "Policy gradient from whole episodes, with a choice of baselines",
           .source = "Williams 1992, Simple statistical gradient-following algorithms for "
                     "connectionist reinforcement learning",
           .updates = {"policy", "value"},
           .trial = "{agent: reinforce, env: {id: CartPole-v1, max_episode_steps: 50}, reinforce: "
                    "{episodes_per_update: 4, "
                    "baseline: value}, train: {steps: 8}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<Reinforce>},
          {.name = "value_iteration",
           .sentence = "The best values of a known table of transitions, sweep by sweep",
           .source = "Bellman 1957, Dynamic programming",
           .trial = "{agent: value_iteration, env: FrozenLake-v1, train: {steps: 8}, eval: {episodes: 3}}",
           .blueprint = training::blueprint<ValueIteration>},
      });
  return table;
}

}  // namespace agents
