// Small sets that no linear classifier separates and on which a working net is nearly perfect after seconds.
#pragma once

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// Points of the plane, N(0, 1) in both directions, class 1 outside of the ellipse x^2 + 0.95 x y + 0.4 y^2 =
// 0.6: as in vugrad, the autograd that students of VU Amsterdam complete.
struct Ellipse {
  SplitSizes sizes{.train_size = 60000, .test_size = 10000};

  void fields(core::Fields& f) { sizes.fields(f); }
  Data load() const;
};

// Points uniform on [-1, 1]^2, class 1 where x y > 0.
struct Xor {
  SplitSizes sizes{.train_size = 2000, .test_size = 1000};

  void fields(core::Fields& f) { sizes.fields(f); }
  Data load() const;
};

// [M, 1, 8, 8] uint8: one bright row (class 0) or column (class 1) on a dark, grainy ground.
struct Stripes {
  SplitSizes sizes{.train_size = 2000, .test_size = 1000};

  void fields(core::Fields& f) { sizes.fields(f); }
  Data load() const;
};

}  // namespace training::data
