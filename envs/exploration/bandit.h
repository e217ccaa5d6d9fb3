// Bandit: one state, k arms, each of which pays by a law of its own. Robbins (1952); Sutton & Barto (2018),
// chapter 2.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/normal.h"
#include "envs/precision.h"
#include "envs/transitions.h"

namespace envs {

struct BanditParams {
  std::string rewards = "bernoulli";
  int64_t arms = 10, instance_seed = 0;
  double mean = 0.5, gap = 0.1, deviation = 1;
  std::vector<double> means;  // empty: `arms` of `mean`, one of which has `gap` more

  void fields(core::Fields& f) {
    f.choice("rewards", rewards,
             "bernoulli: 1 with the arm's mean as its probability, else 0; gaussian: normal around the mean",
             {"bernoulli", "gaussian"});
    f.add("arms", arms, "How many there are", {.min = 1, .max = 1e4});
    f.add("mean", mean, "Mean reward of every arm but the best one");
    f.add("gap", gap, "What the best arm's mean is above it", {.min = 0});
    f.add("instance_seed", instance_seed, "Which arm is the best one is drawn from this", {.min = 0});
    f.add("means", means, "Mean rewards of one's own arms instead of these: [0.2, 0.5, 0.7]");
    f.add("deviation", deviation, "Standard deviation of gaussian rewards", {.min = 0});
  }
};

// The mean of each arm, checked.
std::vector<double> bandit_means(const BanditParams& params);
// One state. Of gaussian rewards it has the means, which is all that expectations ask for.
Transitions bandit_transitions(const BanditParams& params);
// `arm`: the one that was pulled last, -1: none, and what it paid.
void draw_bandit(const std::vector<double>& means, int64_t arm, double paid, core::Canvas& canvas);

template <class Math>
class Bandit {
 public:
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = BanditParams;
  using Action = int32_t;
  struct State {  // the last pull, for drawing; arm -1: none
    int32_t arm;
    float paid;
  };
  struct Obs {
    int32_t nothing;
  };

  explicit Bandit(const Params& params)
      : gaussian_(params.rewards == "gaussian"),
        deviation_(Real(params.deviation)),
        own_(bandit_means(params)),
        means_(own_.begin(), own_.end()) {}

  Spec spec() const {
    return {.observation = Space::discrete(1, Dtype::int32),
            .action = Space::discrete(int64_t(own_.size())),
            .fps = 4};
  }
  State reset(Random&) const { return {-1, 0}; }

  Outcome step(State& s, Action arm, Random& random) const {
    const Real mean = means_.data()[arm];
    const Real paid =
        gaussian_ ? mean + deviation_ * normal<Math>(random) : Real(Real(random.random()) < mean);
    s = {arm, float(paid)};
    return {s.paid, 0};
  }

  Obs observe(const State&) const { return {0}; }
  bool is_sound(const State& s) const {
    return s.arm >= -1 && s.arm < int32_t(own_.size()) && std::isfinite(s.paid);
  }
  void draw(const State& s, core::Canvas& canvas) const { draw_bandit(own_, s.arm, double(s.paid), canvas); }

 private:
  bool gaussian_;
  Real deviation_;
  std::vector<double> own_;
  std::vector<Real> means_;  // the same as the loop reads them
};

}  // namespace envs
