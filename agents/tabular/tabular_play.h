// What the agents share that learn a table of action values from what they play: one environment, the table
// or two, whose sum they follow, and epsilon-greedy exploration (Sutton & Barto 2018, sections 2.2 and 5.4).
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "agents/single_env.h"
#include "agents/tabular/action_values.h"
#include "agents/tensors.h"
#include "core/random.h"
#include "envs/all.h"

namespace agents {

class TabularPlay {
 public:
  // What was done, and where it led.
  struct Move {
    int64_t state, action;
    double reward;
    bool terminated, ended;  // by the task; by that or by time
    int64_t next;            // where an episode ended: its last state
  };

  // Registers `tables` of them, the environment and what is logged. Error, which names `agent`, where states
  // or actions cannot be counted.
  TabularPlay(const std::string& agent, const envs::Options& env, const TabularOptions& options,
              size_t tables, training::Build& build);

  int64_t states() const { return env_.spec().observation.n[0]; }
  int64_t actions() const { return actions_; }
  bool masked() const { return env_.spec().action_mask; }
  int64_t time_limit() const { return env_.spec().max_episode_steps; }  // 0: none
  double gamma() const { return options_.gamma; }
  ActionValues& q(size_t table = 0) { return tables_[table]; }
  core::Pcg64& random() { return random_; }

  // The state it is in, and the one that the latest move led to; what is possible there.
  int64_t state() const { return index_at(env_.spec().observation, env_.observation()); }
  MaskRow mask() { return env_.mask(); }
  MaskRow next_mask() { return env_.next_mask(); }
  // Epsilon-greedy, in a state where `mask` is possible.
  int64_t choose(int64_t state, MaskRow mask);
  int64_t choose() { return choose(state(), mask()); }
  // The same by other values [A] of that state.
  int64_t choose_by(const double* values, MaskRow mask);
  // sum_a pi(a|s) Q(s, a) of that policy, and its pi(a|s).
  double expected_value(int64_t state, MaskRow mask) const;
  double probability(int64_t state, int64_t action, MaskRow mask) const;
  // Takes the action; counts it.
  Move play(int64_t action, training::Step& step);
  // r + gamma `ahead`, what the state moved to is worth: nothing where the task has ended.
  double target(const Move& move, double ahead) const {
    return move.reward + options_.gamma * (move.terminated ? 0 : ahead);
  }
  // Q(s, a) of the table moves towards the target.
  void learn(int64_t state, int64_t action, double target, size_t table = 0);

  // num_steps times learn_one(), each of which plays one move; then reports them.
  template <class F>
  void run(training::Step& step, F&& learn_one) {
    begin(step);
    for (int64_t t = 0; t < options_.num_steps; ++t) learn_one();
    report(step);
  }
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy,
                             torch::Generator generator) const;

 private:
  const double* summed(int64_t state) const;
  void begin(training::Step& step);
  void report(training::Step& step);

  TabularOptions options_;
  SingleEnv env_;
  int64_t actions_ = 0;  // A
  std::vector<ActionValues> tables_;
  mutable std::vector<double> sum_;  // [A] of two tables
  core::Pcg64 random_;
  double epsilon_ = 0, error_ = 0;  // of this step: in force, and summed over what was learned
  int64_t learned_ = 0;
};

}  // namespace agents
