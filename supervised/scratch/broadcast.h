// NumPy's broadcasting: shapes are set against each other from their ends, and a side of 1 is repeated.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// How two arrays are walked together, along the shape that both are repeated to.
struct Broadcast {
  Shape shape;                          // of the result
  std::vector<int64_t> sides;           // the same, sides that can be walked as one joined
  std::vector<int64_t> step_x, step_y;  // along each of them; 0: repeated

  // Calls run(i, x, y, n, dx, dy): from place i of the result and places x and y of the arrays on, n numbers;
  // after each, x goes on by dx and y by dy.
  template <class Run>
  void each_run(Run&& run) const;
};

// Error that names `operation` where the shapes do not fit.
Broadcast broadcast(const Shape& x, const Shape& y, const char* operation);

template <class Run>
void Broadcast::each_run(Run&& run) const {
  const size_t last = sides.size() - 1;
  const int64_t n = sides[last], all = count(sides);
  std::vector<int64_t> index(sides.size(), 0);
  int64_t x = 0, y = 0;
  for (int64_t i = 0; i < all; i += n) {
    run(i, x, y, n, step_x[last], step_y[last]);
    for (size_t d = last; d-- > 0;) {
      x += step_x[d];
      y += step_y[d];
      if (++index[d] < sides[d]) break;
      x -= step_x[d] * sides[d];
      y -= step_y[d] * sides[d];
      index[d] = 0;
    }
  }
}

}  // namespace supervised::scratch
