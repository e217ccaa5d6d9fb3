// What the agents share that pull the arms of a bandit: the environment, what was paid and what was missed.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "agents/single_env.h"
#include "core/random.h"
#include "envs/all.h"

namespace agents {

struct BanditOptions {
  int64_t num_steps = 100;

  void fields(core::Fields& own);
};

class BanditPlay {
 public:
  // Registers the environment and what is logged. Error, which names `agent`, where there is more than one
  // state.
  BanditPlay(const std::string& agent, const envs::Options& env, const BanditOptions& options,
             training::Build& build);

  int64_t arms() const { return env_.spec().action.n[0]; }
  // num_steps pulls of what the rule chooses, which learns from each.
  template <class Rule>
  void run(Rule& rule, training::Step& step) {
    double error = 0;
    for (int64_t t = 0; t < options_.num_steps; ++t) {
      const int64_t arm = rule.choose(random_, step.progress());
      error += std::abs(rule.learn(arm, pull(arm, step)));
    }
    report(error, step);
  }

 private:
  double pull(int64_t arm, training::Step& step);
  void report(double error, training::Step& step);

  BanditOptions options_;
  SingleEnv env_;
  core::Pcg64 random_;
  std::vector<double> missed_;  // [A] how far each arm's mean is below the best one's; empty: nobody knows
  double regret_ = 0;
};

}  // namespace agents
