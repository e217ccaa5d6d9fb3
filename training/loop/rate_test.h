// The learning-rate range test: Smith (2017), "Cyclical learning rates for training neural networks", section
// 3.3, with the rate growing by a factor and the end by the loss, as in fast.ai's library (Howard & Gugger
// 2020).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "training/loop/session.h"

namespace training {

struct RateTest {
  double start = 1e-6, end = 10;
  int64_t updates = 200;
  double smoothing = 0.95;  // of the moving average of the loss, corrected for its beginning
  double diverged = 4;      // times the least smoothed loss so far: the end
};

struct RatePoint {
  double rate, loss, smoothed;
};

struct RateCurve {
  std::vector<RatePoint> points;  // up to where it diverged
  bool diverged = false;
  size_t least = 0;                // the point of the least smoothed loss
  std::optional<size_t> steepest;  // where it falls fastest by the logarithm of the rate; none where it never
                                   // falls
};

// One update at each rate, from fresh weights and in the order of the data of a run of this seed. Error where
// the learner has not one loss that says how well it learns.
RateCurve test_rates(Session& session, const RateTest& test);

// A tenth of the rate with the least loss: there the loss no longer falls, and is about to grow.
double suggested_rate(const RateCurve& curve);

}  // namespace training
