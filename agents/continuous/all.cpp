// Continuous actions, learned from replayed transitions. A row for each learner, in alphabetical order.
#include "agents/continuous/crossq.h"
#include "agents/continuous/ddpg.h"
#include "agents/continuous/sac.h"
#include "agents/continuous/td3.h"
#include "agents/continuous/tqc.h"
#include "agents/families.h"

namespace agents {

// A trial of one of them: what all have in common, and its own options.
static std::string trial(const std::string& agent, const std::string& own) {
  return "{agent: " + agent + ", env: {id: Pendulum-v1, max_episode_steps: 50}, net: {hidden: [32]}, " +
         agent +
         ": {num_envs: 2, train_every: 4, gradient_steps: 2, batch_size: 16, buffer_size: 150, "
         "learning_starts: 30" +
         own + "}, train: {steps: 60}, eval: {episodes: 3}}";
}

std::vector<training::Entry> continuous() {
  return {
      {.name = "crossq",
       .sentence =
           "SAC without target networks, whose critics normalise both sides of Bellman's equation alike",
       .source =
           "Bhatt et al. 2024, CrossQ: Batch normalization in deep reinforcement learning for greater sample "
           "efficiency and simplicity",
       .updates = {"actor", "critic", "temperature"},
       .trial = trial("crossq", ", critic_hidden: [32], policy_delay: 2, renorm_warmup: 10"),
       .factory = training::factory<CrossQ>},
      {.name = "ddpg",
       .sentence = "A policy without chance that climbs the slope of a critic, from replayed transitions",
       .source = "Lillicrap et al. 2016, Continuous control with deep reinforcement learning",
       .updates = {"actor", "critic"},
       .trial = trial("ddpg", ""),
       .factory = training::factory<Ddpg>},
      {.name = "sac",
       .sentence = "A policy of high return and entropy by two critics, from replayed transitions",
       .source = "Haarnoja et al. 2018, Soft actor-critic algorithms and applications",
       .updates = {"actor", "critic", "temperature"},
       .trial = trial("sac", ""),
       .factory = training::factory<Sac>},
      {.name = "td3",
       .sentence = "DDPG by the smaller of two critics, smoothed targets and a policy that moves less often",
       .source = "Fujimoto et al. 2018, Addressing function approximation error in actor-critic methods",
       .updates = {"actor", "critic"},
       .trial = trial("td3", ""),
       .factory = training::factory<Td3>},
      {.name = "tqc",
       .sentence = "SAC by critics of quantiles, whose largest are left out of targets",
       .source =
           "Kuznetsov et al. 2020, Controlling overestimation bias with truncated mixture of continuous "
           "distributional quantile critics",
       .updates = {"actor", "critic", "temperature"},
       .trial = trial("tqc", ", sde: true, sde_sample_freq: 7, critics: 2, quantiles: 5, drop: 1"),
       .factory = training::factory<Tqc>},
  };
}

}  // namespace agents
