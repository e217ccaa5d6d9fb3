// Thompson sampling (Thompson 1933; Agrawal & Goyal 2013, Further optimal regret bounds): of each arm a mean
// is drawn from what is believed of it, and the arm with the largest is pulled.
#pragma once

#include <string>

#include "agents/bandits/arm_estimates.h"
#include "agents/bandits/bandit_agent.h"
#include "agents/gamma_draws.h"

namespace agents {

class ThompsonRule {
 public:
  static constexpr const char *agent = "thompson_bandit", *title = "Thompson sampling's own options";
  static constexpr bool tells_probabilities = false;
  struct Options {
    std::string posterior = "beta";
    double deviation = 1;

    void fields(core::Fields& own);
  };

  ThompsonRule(int64_t arms, const Options& options, training::Build& build)
      : options_(options), estimates_(arms, build) {}

  int64_t choose(core::Pcg64& random, double) const;
  double learn(int64_t arm, double reward);
  std::span<const double> values() const { return estimates_.means(); }

 private:
  double drawn_mean(size_t arm, core::Pcg64& random) const;
  bool is_beta() const { return options_.posterior == "beta"; }

  Options options_;
  ArmEstimates estimates_;
};

using ThompsonBandit = BanditAgent<ThompsonRule>;

}  // namespace agents
