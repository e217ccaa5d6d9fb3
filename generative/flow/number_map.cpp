#include "generative/flow/number_map.h"

namespace generative {

using torch::Tensor;

void NumberMap::fields(core::Fields& f) {
  f.choice(
      "coupling", kind,
      "Map of each number, given others: additive (NICE), affine (RealNVP), or a rational-quadratic spline",
      {"additive", "affine", "spline"});
  f.add("max_log_scale", affine.max_log_scale, "Affine: one layer stretches by at most e to this power",
        {.min = 0.01, .max = 20});
  f.add("bins", spline.bins, "Spline: pieces", {.min = 2, .max = 128});
  f.add("bound", spline.bound, "Spline: half the width of the interval that it bends; the identity outside",
        {.min = 0.01});
}

int64_t NumberMap::parameters() const {
  if (kind == "additive") return 1;
  return kind == "spline" ? spline.parameters() : AffineCoupling::parameters;
}

std::vector<int64_t> NumberMap::speaks_of(int64_t D) const {
  const bool number_by_number = kind == "spline";  // else all numbers' first parameter, all their second
  std::vector<int64_t> numbers;
  for (int64_t o = 0; o < D * parameters(); ++o)
    numbers.push_back(number_by_number ? o / parameters() : o % D);
  return numbers;
}

FlowOutput NumberMap::forward(const Tensor& x, const Tensor& raw) const {
  if (kind == "additive") return {x + raw, torch::zeros({x.size(0)}, x.options())};
  return kind == "spline" ? spline.forward(x, raw) : affine.forward(x, raw);
}

FlowOutput NumberMap::inverse(const Tensor& y, const Tensor& raw) const {
  if (kind == "additive") return {y - raw, torch::zeros({y.size(0)}, y.options())};
  return kind == "spline" ? spline.inverse(y, raw) : affine.inverse(y, raw);
}

}  // namespace generative
