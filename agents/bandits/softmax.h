// The softmax bandit, Boltzmann exploration (Luce 1959; Sutton 1990): arms are drawn by
// pi(a) ~ exp(mean reward of a / temperature).
#pragma once

#include "agents/bandits/arm_estimates.h"
#include "agents/bandits/bandit_agent.h"
#include "agents/bandits/softmax_choice.h"

namespace agents {

class SoftmaxRule {
 public:
  static constexpr const char *agent = "softmax_bandit", *title = "The softmax bandit's own options";
  static constexpr bool tells_probabilities = false;
  struct Options {
    double temperature = 0.1;

    void fields(core::Fields& own) {
      own.add("temperature", temperature,
              "Difference of two means at which one arm is e times as likely; near 0: the best one alone",
              {.min = 0, .max = 1e9, .above = true, .unit = "reward"});
    }
  };

  SoftmaxRule(int64_t arms, const Options& options, training::Build& build)
      : temperature_(options.temperature), estimates_(arms, build), choice_(arms) {}

  int64_t choose(core::Pcg64& random, double) const { return choice_.draw(values(), temperature_, random); }
  double learn(int64_t arm, double reward) { return estimates_.learn(arm, reward); }
  std::span<const double> values() const { return estimates_.means(); }

 private:
  double temperature_;
  ArmEstimates estimates_;
  mutable SoftmaxChoice choice_;
};

using SoftmaxBandit = BanditAgent<SoftmaxRule>;

}  // namespace agents
