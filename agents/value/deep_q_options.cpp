#include "agents/value/deep_q_options.h"

#include <algorithm>

#include "agents/replay.h"
#include "core/error.h"

namespace agents {

void DeepQOptions::fields(core::Fields& f, const std::string& agent,
                          const std::function<void(core::Fields&)>& own) {
  f.tagged("env", env.tagged(), "Environment with a Discrete action space");
  f.section("net", net, "Q-network");
  f.list_section(
      agent,
      [this, own](core::Fields& section) {
        replay_fields(section);
        exploration_fields(section);
        memory_fields(section);
        own(section);
      },
      "Its own options");
}

void DeepQOptions::replay_fields(core::Fields& own) {
  replay.fields(own);
  own.add("n_step", n_step, "Rewards that are summed before the bootstrap",
          {.min = 1, .max = 1000, .unit = "steps"});
  own.add("target_every", target_every, "Updates between those of the target network",
          {.min = 1, .unit = "updates"});
  own.add("tau", tau, "Share by which the target network then moves to the Q-network",
          {.min = 0, .max = 1, .above = true});
  own.add("double", double_q, "The Q-network chooses the next action, the target network values it");
  own.add("dueling", dueling, "The network's outputs are a value and an advantage per action");
  own.add("prioritised", prioritised, "Transitions are drawn by their latest error");
  own.add("alpha", alpha, "prioritised: how much errors matter; 0: not at all", {.min = 0, .max = 1});
  own.add("beta", beta, "prioritised: how much weights correct for it at first; 1 at the end",
          {.min = 0, .max = 1});
}

void DeepQOptions::exploration_fields(core::Fields& own) {
  own.add("noisy", noisy,
          "The network's weights have learned noise, which explores in place of random actions");
  exploration.fields(own);
  own.add("epsilon_lasts", epsilon_lasts,
          "A random action lasts k steps with probability ~ 1 / k^2, k up to this (Dabney et al. 2021)",
          {.min = 1, .max = 10000, .unit = "steps"});
}

void DeepQOptions::memory_fields(core::Fields& own) {
  own.add("sequence", sequence,
          "net.memory: steps in a row that are learned from; a batch is of whole sequences",
          {.min = 1, .max = 10000, .unit = "steps"});
  own.add("burn_in", burn_in,
          "net.memory: steps before them, which warm up a memory that begins as 0 (Kapturowski et al. "
          "2019)",
          {.min = 0, .max = 10000, .unit = "steps"});
}

int64_t DeepQOptions::least() const {
  if (net.remembers())
    return std::max(replay.batch_size, replay.num_envs * (burn_in + sequence + n_step - 1));
  return replay.batch_size + replay.num_envs * (n_step - 1);
}

int64_t DeepQOptions::warm_up() const { return std::max(replay.learning_starts, least()); }

void DeepQOptions::check_memory(const std::string& agent) const {
  core::check(!net.shared, "net.shared: {} has one network for its values and no policy; expected false",
              agent);
  if (!net.remembers()) return;
  core::check(!prioritised,
              "{}.prioritised: networks with memory draw whole sequences, all as likely; expected false",
              agent);
  core::check(replay.batch_size % sequence == 0,
              "{}.batch_size: networks with memory learn from whole sequences; expected a multiple of "
              "{}.sequence = {}, found {}",
              agent, agent, sequence, replay.batch_size);
}

void DeepQOptions::check(const std::string& agent, const core::Duration& budget) const {
  check_memory(agent);
  core::check(least() <= replay.buffer_size,
              "{}.buffer_size: expected at least {} = {} transitions, found {}", agent,
              net.remembers() ? "batch_size or num_envs * (burn_in + sequence + n_step - 1)"
                              : "batch_size + num_envs * (n_step - 1)",
              least(), replay.buffer_size);
  check_warm_up(budget, agent + ".learning_starts", warm_up(), replay.rounds() * replay.num_envs);
}

}  // namespace agents
