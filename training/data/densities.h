// Points of the plane whose density, and with it the entropy, is known exactly: the floor of every density
// model.
#pragma once

#include "training/torch.h"

#include "core/options.h"
#include "training/data/all.h"

namespace training::data {

// What all toy sets share. The data depend on these options alone, not on the run's seed.
struct SplitSizes {
  int64_t train_size = 10000;
  std::optional<int64_t> valid_size{};  // as many as the test has
  int64_t test_size = 10000;
  int64_t seed = 0;
  bool endless = false;

  void fields(core::Fields& f);
  // Each part by a seed of its own; `draw` is kept where it goes on without end.
  Data parts(const DrawRows& draw) const;
  // The same where the rows of a part have something in common, which follows from the part's seed.
  Data parts_of(const std::function<DrawRows(uint64_t part)>& drawer) const;
  // Error unless there is memory for so many numbers of 8 bytes in each row.
  void require(int64_t numbers) const;
  int64_t table_rows() const;  // to learn from: without end a few examples
};

// Uniform on the cells (i, j) with i + j even of a 4 x 4 board of 2 x 2 cells on [-4, 4]^2: entropy ln 32.
struct Checkerboard {
  SplitSizes sizes;

  void fields(core::Fields& f);
  Data load() const;
};

// (cos t, sin t) + noise N(0, I), t uniform.
struct Donut {
  SplitSizes sizes;
  double noise = 0.1;

  void fields(core::Fields& f);
  Data load() const;
};

// Half of the points from (cos t, sin t), half from (1 - cos t, 0.5 - sin t), t uniform on [0, pi], + noise
// N(0, I).
struct Moons {
  SplitSizes sizes;
  double noise = 0.1;

  void fields(core::Fields& f);
  Data load() const;
};

// Gaussians of equal weight, evenly spaced on a circle.
struct Ring {
  SplitSizes sizes;
  int64_t modes = 8;
  double radius = 2, noise = 0.05;

  void fields(core::Fields& f);
  Data load() const;
};

// - integral of p ln p over a box by the midpoint rule; exact to rounding for smooth p, when `step` is below
// the finest width and the box holds all the mass.
double entropy_on_grid(const std::function<torch::Tensor(const torch::Tensor&)>& log_density, double x_min,
                       double x_max, double y_min, double y_max, double step);

}  // namespace training::data
