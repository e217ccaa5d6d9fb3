// UCB1 (Auer, Cesa-Bianchi & Fischer 2002, figure 1; Sutton & Barto 2018, equation 2.10): each arm once, then
// the one with the largest mean + c sqrt(ln t / pulls), c = sqrt(2) for rewards of 0 .. 1.
#pragma once

#include <numbers>

#include "agents/bandits/arm_estimates.h"
#include "agents/bandits/bandit_agent.h"

namespace agents {

class Ucb1Rule {
 public:
  static constexpr const char *agent = "ucb1_bandit", *title = "UCB1's own options";
  static constexpr bool tells_probabilities = false;
  struct Options {
    double confidence = std::numbers::sqrt2;

    void fields(core::Fields& own) {
      own.add("confidence", confidence,
              "c of the bonus c sqrt(ln t / pulls); the square root of 2 for rewards of 0 .. 1",
              {.min = 0, .max = 1e9, .unit = "reward"});
    }
  };

  Ucb1Rule(int64_t arms, const Options& options, training::Build& build)
      : confidence_(options.confidence), estimates_(arms, build) {}

  int64_t choose(core::Pcg64&, double) const;
  double learn(int64_t arm, double reward) { return estimates_.learn(arm, reward); }
  std::span<const double> values() const { return estimates_.means(); }

 private:
  double confidence_;
  ArmEstimates estimates_;
};

using Ucb1Bandit = BanditAgent<Ucb1Rule>;

}  // namespace agents
