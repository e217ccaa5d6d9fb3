// DeepSea: sink through a square sea, a row a step; treasure lies in the far corner, which only N steps to
// the right reach, each of which costs a little. Rules as of bsuite's deep_sea.py (Osband et al. 2020), after
// Osband, Van Roy, Russo & Wen (2019).
#pragma once

#include <algorithm>
#include <vector>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/normal.h"
#include "envs/precision.h"
#include "envs/transitions.h"

namespace envs {

struct DeepSeaParams {
  int64_t size = 10, mapping_seed = 0;
  double move_cost = 0.01;
  bool randomize_actions = true, stochastic = false;

  void fields(core::Fields& f) {
    f.add("size", size, "N: rows and columns; episodes last N steps",
          {.min = 2, .max = 500, .unit = "cells"});
    f.add("move_cost", move_cost, "What N steps to the right cost; each of them costs an N-th", {.min = 0});
    f.add("randomize_actions", randomize_actions,
          "Whether each cell has drawn which action leads to the right; else 1 does everywhere");
    f.add("mapping_seed", mapping_seed, "It is drawn from this", {.min = 0});
    f.add("stochastic", stochastic,
          "Whether a step to the right fails once in N and both corners of the floor pay N(0, 1) besides");
  }
};

// The action that leads to the right, [size * size], row by row.
std::vector<int32_t> sea_rights(const DeepSeaParams& params);
// States row * size + column, and size * size after the last step. Of the noisy rewards it has the means.
Transitions sea_transitions(const DeepSeaParams& params);
// Row `size`: on the floor.
void draw_sea(int64_t size, int64_t row, int64_t column, core::Canvas& canvas);

template <class Math>
class DeepSea {
 public:
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = DeepSeaParams;
  using Action = int32_t;
  struct State {
    int32_t row, column;
  };
  struct Obs {
    int32_t number;
  };

  explicit DeepSea(const Params& params)
      : p_(params), size_(int32_t(params.size)), rights_(sea_rights(params)) {
    rights_.resize(rights_.size() + size_t(size_));  // on the floor nothing is to the right
  }

  Spec spec() const {
    return {.observation = Space::discrete(p_.size * p_.size + 1, Dtype::int32),
            .action = Space::discrete(2),
            .fps = 4};
  }
  State reset(Random&) const { return {0, 0}; }

  Outcome step(State& s, Action action, Random& random) const {
    const int32_t last = size_ - 1;
    const bool right = action == rights_.data()[s.row * size_ + s.column];
    const bool fails = p_.stochastic && right && Real(random.random()) <= 1 / Real(size_);
    float reward = float(right & (s.column == last)) - (right ? float(p_.move_cost / double(size_)) : 0);
    if (p_.stochastic && s.row == last && (s.column == 0 || s.column == last))
      reward += float(normal<Math>(random));
    s.column = std::clamp(s.column + (right ? !fails : -1), 0, last);
    s.row = std::min(s.row + 1, size_);
    return {reward, s.row == size_};
  }

  Obs observe(const State& s) const { return {s.row < size_ ? s.row * size_ + s.column : size_ * size_}; }
  bool is_sound(const State& s) const {
    return s.row >= 0 && s.row <= size_ && s.column >= 0 && s.column < size_;
  }
  void draw(const State& s, core::Canvas& canvas) const { draw_sea(p_.size, s.row, s.column, canvas); }

 private:
  Params p_;
  int32_t size_;
  std::vector<int32_t> rights_;  // [size + 1, size]
};

}  // namespace envs
