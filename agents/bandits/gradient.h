// The gradient bandit (Williams 1992; Sutton & Barto 2018, equation 2.12): preferences whose softmax draws
// the arms follow the slope of the expected reward, H(x) += alpha (reward - baseline) (1{x = arm} - pi(x)).
#pragma once

#include "agents/bandits/bandit_agent.h"
#include "agents/bandits/softmax_choice.h"
#include "agents/tabular/state_table.h"

namespace agents {

// One such step, alpha (reward - baseline) = `scale`, with pi [A] of these preferences [A].
void gradient_step(std::span<double> preferences, std::span<const double> pi, int64_t arm, double scale);

class GradientRule {
 public:
  static constexpr const char *agent = "gradient_bandit", *title = "The gradient bandit's own options";
  static constexpr bool tells_probabilities = true;
  struct Options {
    double learning_rate = 0.1;
    bool baseline = true;

    void fields(core::Fields& own);
  };

  GradientRule(int64_t arms, const Options& options, training::Build& build);

  int64_t choose(core::Pcg64& random, double) const { return choice_.draw(preferences_->cells(), 1, random); }
  double learn(int64_t arm, double reward);
  std::span<const double> values() const { return choice_.probabilities(preferences_->cells(), 1); }

 private:
  Options options_;
  StateTable preferences_;       // [A]
  double mean_ = 0, pulls_ = 0;  // of all rewards so far
  mutable SoftmaxChoice choice_;
};

using GradientBandit = BanditAgent<GradientRule>;

}  // namespace agents
