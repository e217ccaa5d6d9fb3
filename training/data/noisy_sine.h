// A line with a wave and noise upon it: the smallest regression that a straight line gets wrong.
#pragma once

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// y = sin(3 x) / 2 + x + noise N(0, 1), x uniform on [-3, 3]: inputs [M, 1], targets [M, 1]. As in the first
// labs of DTU's course 02456, whose x are evenly spaced.
struct NoisySine {
  SplitSizes sizes{.train_size = 105, .valid_size = 105, .test_size = 90};
  double noise = 0.5;
  bool standardise = true;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
