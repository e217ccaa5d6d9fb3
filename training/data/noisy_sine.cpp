#include "training/data/noisy_sine.h"

#include <cmath>

#include "core/error.h"
#include "core/random.h"

namespace training::data {
namespace {

double normal(core::Pcg64& random) {  // Box & Muller (1958)
  const double radius = std::sqrt(-2 * std::log(1 - random.random()));
  return radius * std::cos(2 * M_PI * random.random());
}

Dataset draw_sine(int64_t rows, uint64_t seed, double noise) {
  core::Pcg64 random(seed);
  const torch::Tensor inputs = torch::empty({rows, 1}), targets = torch::empty({rows, 1});
  for (int64_t i = 0; i < rows; ++i) {
    const double x = random.uniform(-3, 3);
    inputs.data_ptr<float>()[i] = float(x);
    targets.data_ptr<float>()[i] = float(std::sin(3 * x) / 2 + x + noise * normal(random));
  }
  Dataset set(inputs, targets);
  set.numbers = {"y"};
  return set;
}

// Both columns to mean 0 and deviation 1 of `train`.
DrawRows standardised(const DrawRows& draw, const Dataset& train) {
  const auto scaled = [](const torch::Tensor& values, const torch::Tensor& by) {
    return (values - by.mean()) / by.std(false);
  };
  return [=](int64_t rows, uint64_t seed) {
    Dataset set = draw(rows, seed);
    set.rows.set(column::inputs, scaled(set.inputs(), train.inputs()));
    set.rows.set(column::targets, scaled(set.targets(), train.targets()));
    return set;
  };
}

}  // namespace

void NoisySine::fields(core::Fields& f) {
  sizes.fields(f);
  f.add("noise", noise, "Standard deviation around the curve", {.min = 0, .max = 10});
  f.add("standardise", standardise,
        "Shift and scale x and y to mean 0 and deviation 1 of the rows to learn from");
}

Data NoisySine::load() const {
  sizes.require(2);
  const DrawRows draw = [noise = noise](int64_t rows, uint64_t seed) { return draw_sine(rows, seed, noise); };
  SplitSizes table = sizes;
  table.endless = false;  // so that rows without end are scaled by the same ones
  const Data plain = table.parts(draw);
  core::check(!standardise || plain.train.size() > 1,
              "data.train_size: one row has no deviation to scale by");
  return sizes.parts(standardise ? standardised(draw, plain.train) : draw);
}

}  // namespace training::data
