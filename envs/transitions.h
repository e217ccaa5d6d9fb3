// Environments that are a table: every (state, action) lists its possible outcomes, as Gymnasium's toy text P
// does.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "envs/envs.h"

namespace envs {

struct Transition {
  double probability;
  int32_t next;  // state
  double reward;
  bool terminated;
};

struct Transitions {
  int64_t states = 0, actions = 0;
  std::vector<std::vector<Transition>>
      outcomes;                 // [states * actions], each in the order in which it is drawn
  std::vector<double> initial;  // [states] probabilities of the first state

  static Transitions empty(int64_t states, int64_t actions) {
    return {states, actions, std::vector<std::vector<Transition>>(size_t(states * actions)),
            std::vector<double>(size_t(states))};
  }
  std::vector<Transition>& of(int64_t state, int64_t action) {
    return outcomes[size_t(state * actions + action)];
  }
  const std::vector<Transition>& of(int64_t state, int64_t action) const {
    return outcomes[size_t(state * actions + action)];
  }
};

// Draws from a table as Gymnasium does, one random number a step and one a reset: the first outcome whose
// cumulated probability exceeds it, the first of all when rounding leaves none.
template <class Math>
class Sampler {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  static constexpr int32_t most = 3;  // outcomes of one action
  struct Arrival {
    int32_t next;
    Outcome outcome;
  };

 public:
  explicit Sampler(const Transitions& table)
      : states_(int32_t(table.states)), actions_(int32_t(table.actions)) {
    for (const auto& outcomes : table.outcomes) add(outcomes);
    double sum = 0;
    for (const double p : table.initial) initial_.push_back(Real(sum += p));
  }

  int64_t states() const { return states_; }
  int64_t actions() const { return actions_; }

  int32_t start(Random& random) const {
    const auto found = std::upper_bound(initial_.begin(), initial_.end(), Real(random.random()));
    return found == initial_.end() ? 0 : int32_t(found - initial_.begin());
  }

  Outcome step(int32_t& state, int32_t action, Random& random) const {
    const int32_t row = most * (state * actions_ + action);
    const Real draw = random.random(), *c = cumulated_.data();
    const int32_t passed = (c[row] <= draw) + (c[row + 1] <= draw) + (c[row + 2] <= draw);
    const Arrival& arrival = arrivals_.data()[row + (passed == most ? 0 : passed)];
    state = arrival.next;
    return arrival.outcome;
  }

 private:
  void add(const std::vector<Transition>& outcomes) {
    const size_t n = outcomes.size();
    core::check(n >= 1 && n <= most, "a state and action has {} outcomes, expected 1 .. {}", n, most);
    double sum = 0;
    for (size_t k = 0; k < most; ++k) {
      const Transition& outcome =
          outcomes[k < n ? k : 0];  // past the last: the first, as when rounding leaves none
      cumulated_.push_back(k < n ? Real(sum += outcome.probability) : Real(2));
      arrivals_.push_back({outcome.next, {float(outcome.reward), outcome.terminated}});
    }
  }

  int32_t states_, actions_;
  std::vector<Real> cumulated_;    // [states * actions * most]
  std::vector<Arrival> arrivals_;  // the same
  std::vector<Real> initial_;      // [states] cumulated
};

}  // namespace envs
