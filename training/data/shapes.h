// Pictures of drawn shapes, and everything that is true of them: the first of the generators that detectors,
// segmenters and models of factors share.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// Circles, crosses, squares and triangles of any place, size, rotation and brightness, wholly within the
// picture; of several the later one lies in front. [M, 1, S, S] uint8, and the columns
//   mask     where some shape covers at least half of a pixel,
//   boxes    of each shape as if it were alone, centres, and `labels`, its kind,
//   state    of one shape alone: the factors x, y, size, rotation, brightness.
// Targets: of one shape its kind, or those factors that `targets` names; of several none.
struct Shapes {
  SplitSizes sizes{.train_size = 10000, .test_size = 2000};
  int64_t side = 32, most = 1;
  double smallest = 0.15, largest = 0.3, noise = 0;
  std::vector<std::string> targets;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
