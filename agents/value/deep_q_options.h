// What learners of action values from a replay are told alike. Switches: double (van Hasselt et al. 2016),
// dueling (Wang et al. 2016), prioritised (Schaul et al. 2016), n-step, noisy (Fortunato et al. 2018), memory
// (Hausknecht & Stone 2015).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "agents/epsilon_schedule.h"
#include "agents/policy_net.h"
#include "agents/replay_options.h"
#include "envs/all.h"

namespace agents {

struct DeepQOptions {
  envs::Options env;
  PolicyNetOptions net{.mlp = {.hidden = {120, 84}}};
  ReplayOptions replay{.train_every = 10, .batch_size = 128, .buffer_size = 10000, .learning_starts = 1000};
  int64_t n_step = 1, target_every = 50;
  double tau = 1;
  EpsilonSchedule exploration;
  int64_t epsilon_lasts = 1;
  bool double_q = true, dueling = false, prioritised = false, noisy = false;
  double alpha = 0.6, beta = 0.4;
  int64_t sequence = 16, burn_in = 0;

  // The sections `env`, `net` and that of the agent, whose own options come last.
  void fields(core::Fields& f, const std::string& agent, const std::function<void(core::Fields&)>& own);

  // Transitions behind which a batch of them has n steps, and those before the first update.
  int64_t least() const;
  int64_t warm_up() const;
  // Error, which names the option of `agent`, where they do not go together, or with the budget.
  void check(const std::string& agent, const core::Duration& budget) const;

 private:
  void replay_fields(core::Fields& own);
  void exploration_fields(core::Fields& own);
  void memory_fields(core::Fields& own);
  void check_memory(const std::string& agent) const;
};

}  // namespace agents
