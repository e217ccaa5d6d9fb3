// Policy gradients, with and without a critic. A row for each learner, in alphabetical order.
#include "agents/families.h"
#include "agents/policy_gradient/a2c.h"
#include "agents/policy_gradient/ppo.h"
#include "agents/policy_gradient/reinforce.h"
#include "agents/policy_gradient/trpo.h"

namespace agents {

std::vector<training::Entry> policy_gradient() {
  return {
      {.name = "a2c",
       .sentence = "Advantage actor-critic that learns from a few steps of many environments at a time",
       .source = "Mnih et al. 2016, Asynchronous methods for deep reinforcement learning",
       .updates = {"actor_critic"},
       .trial = "{agent: a2c, env: {id: CartPole-v1, max_episode_steps: 50}, net: {memory: gru, size: 16}, "
                "train: {steps: 40}, "
                "eval: {episodes: 3}}",
       .factory = training::factory<A2c>},
      {.name = "ppo",
       .sentence = "Policy gradient by several clipped passes over each rollout, discrete or Gaussian",
       .source = "Schulman et al. 2017, Proximal policy optimization algorithms",
       .updates = {"actor_critic"},
       .trial = "{agent: ppo, env: {id: Pendulum-v1, max_episode_steps: 50}, ppo: {num_steps: 32, "
                "minibatch_size: 64}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Ppo>},
      {.name = "reinforce",
       .sentence = "Policy gradient from whole episodes, with a choice of baselines",
       .source = "Williams 1992, Simple statistical gradient-following algorithms for "
                 "connectionist reinforcement learning",
       .updates = {"policy", "value"},
       .trial = "{agent: reinforce, env: {id: CartPole-v1, max_episode_steps: 50}, reinforce: "
                "{episodes_per_update: 4, "
                "baseline: value}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Reinforce>,
       .other_trial = {"reinforce.baseline=none"}},  // one network: its losses have shorter names
      {.name = "trpo",
       .sentence =
           "Policy gradient by one step after each rollout, the best within a bound on how far it goes",
       .source = "Schulman et al. 2015, Trust region policy optimization",
       .updates = {"value"},
       .trial = "{agent: trpo, env: {id: Pendulum-v1, max_episode_steps: 50}, trpo: {num_steps: 32, "
                "minibatch_size: 24, value_epochs: 2}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Trpo>},
  };
}

}  // namespace agents
