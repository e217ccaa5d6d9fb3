// Environments that are a table: every (state, action) lists its possible outcomes, as Gymnasium's toy text P
// does.
#pragma once

#include <algorithm>
#include <array>
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
  static constexpr size_t most = 3;  // outcomes of one action
  struct Row {
    std::array<Real, most> cumulated;
    std::array<int32_t, most> next, terminated;
    std::array<float, most> reward;
  };

 public:
  explicit Sampler(const Transitions& table) : actions_(int32_t(table.actions)) {
    for (const auto& outcomes : table.outcomes) rows_.push_back(row(outcomes));
    double sum = 0;
    for (const double p : table.initial) initial_.push_back(Real(sum += p));
  }

  int32_t start(Random& random) const {
    const auto found = std::upper_bound(initial_.begin(), initial_.end(), Real(random.random()));
    return found == initial_.end() ? 0 : int32_t(found - initial_.begin());
  }

  Outcome step(int32_t& state, int32_t action, Random& random) const {
    const Row& row = rows_.data()[state * actions_ + action];
    const Real draw = random.random();
    const auto& c = row.cumulated;
    const int32_t passed = (c[0] <= draw) + (c[1] <= draw) + (c[2] <= draw),
                  drawn = passed == most ? 0 : passed;
    state = row.next[size_t(drawn)];
    return {row.reward[size_t(drawn)], row.terminated[size_t(drawn)]};
  }

 private:
  static Row row(const std::vector<Transition>& outcomes) {
    core::check(!outcomes.empty() && outcomes.size() <= most,
                "a state and action has {} outcomes, expected 1 .. {}", outcomes.size(), most);
    Row row{};
    double sum = 0;
    for (size_t k = 0; k < most; ++k) {
      const bool real = k < outcomes.size();
      const Transition& outcome =
          outcomes[real ? k : 0];  // past the last: the first, as when rounding leaves none
      row.cumulated[k] = real ? Real(sum += outcome.probability) : Real(2);
      row.next[k] = outcome.next, row.terminated[k] = outcome.terminated,
      row.reward[k] = float(outcome.reward);
    }
    return row;
  }

  int32_t actions_;
  std::vector<Row> rows_;      // [states * actions]
  std::vector<Real> initial_;  // [states] cumulated
};

}  // namespace envs
