#include "training/data/spirals.h"

#include "training/torch.h"

#include <cmath>

#include "core/random.h"

namespace training::data {

static Dataset draw_spirals(const Spirals& s, int64_t rows, uint64_t seed) {
  core::Pcg64 random(seed);
  Dataset set{torch::empty({rows, 2}), torch::empty({rows}, torch::kInt64)};
  for (int64_t k = 0; k < s.arms; ++k) set.classes.push_back("arm " + std::to_string(k + 1));
  float* xy = set.inputs().data_ptr<float>();
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t arm = random.integers(0, s.arms);
    const double share = random.random(), t = 2 * M_PI * (s.turns * share + double(arm) / double(s.arms));
    const double reach = s.noise * std::sqrt(-2 * std::log(1 - random.random())),
                 turn = 2 * M_PI * random.random();  // Box & Muller (1958)
    *xy++ = float(share * std::cos(t) + reach * std::cos(turn));
    *xy++ = float(share * std::sin(t) + reach * std::sin(turn));
    set.targets().data_ptr<int64_t>()[i] = arm;
  }
  return set;
}

void Spirals::fields(core::Fields& f) {
  sizes.fields(f);
  f.add("arms", arms, "Arms of the spiral, each a class", {.min = 2, .max = 100});
  f.add("turns", turns, "How often an arm goes around", {.min = 0, .max = 100});
  f.add("noise", noise, "Standard deviation around an arm, whose end is 1 from the middle",
        {.min = 0, .max = 10});
}

Data Spirals::load() const {
  sizes.require(3);
  return sizes.parts([copy = *this](int64_t rows, uint64_t seed) { return draw_spirals(copy, rows, seed); });
}

}  // namespace training::data
