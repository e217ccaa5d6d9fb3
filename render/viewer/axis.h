// An axis with round numbers on it.
#pragma once

#include <string>
#include <vector>

namespace render {

struct Axis {
  double low = 0, high = 1;  // low < high
  double step = 1;           // 1, 2 or 5 times a power of ten

  std::vector<double> ticks() const;     // the multiples of step within
  std::string words(double tick) const;  // "0.25", "20k"; as many digits as the step needs
  double share(double value) const { return (value - low) / (high - low); }  // 0 at low, 1 at high
};

// From low to high, in at most `most` >= 1 steps (and a part of one at either end). What would have no length
// is widened.
Axis axis_over(double low, double high, double most);
// The same, both ends moved outward to a tick.
Axis rounded(Axis axis);

}  // namespace render
