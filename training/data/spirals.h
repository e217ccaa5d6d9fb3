// Arms of a spiral that wind around each other.
#pragma once

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// A point at share s of arm k of K, s uniform on [0, 1]: s (cos t, sin t) with t = 2 pi (turns s + k / K), +
// noise N(0, I); its class is k.
struct Spirals {
  SplitSizes sizes{.train_size = 2000, .test_size = 1000};
  int64_t arms = 2;
  double turns = 1.5, noise = 0.02;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
