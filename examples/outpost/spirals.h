// Points of the plane on spiral arms, an arm for each class: no line through the plane tells them apart.
#pragma once

#include <core/options.h>
#include <core/random.h>
#include <training/data/densities.h>

#include <cmath>
#include <string>

namespace outpost {

struct Spirals {
  training::data::SplitSizes sizes{.train_size = 2000, .test_size = 1000};  // and seed: of every toy set
  int64_t arms = 3;
  double turns = 0.75, noise = 0.03;

  void fields(core::Fields& f) {
    sizes.fields(f);
    f.add("arms", arms, "Spiral arms, each a class", {.min = 2, .max = 100});
    f.add("turns", turns, "How often an arm goes around", {.min = 0});
    f.add("noise", noise, "Points lie in plus or minus this around their arm, whose length is 1", {.min = 0});
  }

  training::data::Data load() const {
    sizes.require(2);  // numbers in a row
    return sizes.parts([this](int64_t rows, uint64_t seed) { return draw(rows, seed); });
  }

 private:
  training::Dataset draw(int64_t rows, uint64_t seed) const {
    core::Pcg64 random(seed);
    training::Dataset set{torch::empty({rows, 2}), torch::empty({rows}, torch::kInt64)};
    for (int64_t arm = 0; arm < arms; ++arm) set.classes.push_back("arm " + std::to_string(arm));
    float* xy = set.inputs().data_ptr<float>();
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t arm = random.integers(0, arms);
      const double radius = random.uniform(0.1, 1), part = double(arm) / double(arms);
      const double angle = 2 * M_PI * (turns * radius + part);
      *xy++ = float(radius * std::cos(angle) + random.uniform(-noise, noise));
      *xy++ = float(radius * std::sin(angle) + random.uniform(-noise, noise));
      set.targets().data_ptr<int64_t>()[i] = arm;
    }
    return set;
  }
};

}  // namespace outpost
