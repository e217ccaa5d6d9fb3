// The epsilon-greedy bandit (Sutton & Barto 2018, section 2.4): any arm with probability epsilon, else the
// one that has paid best.
#pragma once

#include "agents/bandits/arm_estimates.h"
#include "agents/bandits/bandit_agent.h"
#include "agents/epsilon_schedule.h"

namespace agents {

class EpsilonGreedyRule {
 public:
  static constexpr const char *agent = "epsilon_greedy_bandit",
                              *title = "The epsilon-greedy bandit's own options";
  static constexpr bool tells_probabilities = false;
  struct Options {
    EpsilonSchedule exploration{.start = 0.1, .end = 0.1, .share = 1};

    void fields(core::Fields& own) { exploration.fields(own); }
  };

  EpsilonGreedyRule(int64_t arms, const Options& options, training::Build& build)
      : exploration_(options.exploration), estimates_(arms, build) {}

  int64_t choose(core::Pcg64& random, double progress) const {
    const bool explores = random.random() < exploration_.at(exploration_.over(progress));
    return explores ? random.integers(0, std::ssize(values())) : estimates_.best();
  }
  double learn(int64_t arm, double reward) { return estimates_.learn(arm, reward); }
  std::span<const double> values() const { return estimates_.means(); }

 private:
  EpsilonSchedule exploration_;
  ArmEstimates estimates_;
};

using EpsilonGreedyBandit = BanditAgent<EpsilonGreedyRule>;

}  // namespace agents
