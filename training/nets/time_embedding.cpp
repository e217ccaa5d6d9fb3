#include "training/nets/time_embedding.h"

#include <cmath>

namespace training {

torch::Tensor time_embedding(const torch::Tensor& t, int64_t width) {
  const int64_t half = width / 2;
  const torch::Tensor frequency =
      (torch::arange(half, t.options()) * (-std::log(10000.0) / double(half))).exp();
  const torch::Tensor angle = t.unsqueeze(1) * frequency;  // [B, width / 2]
  return torch::cat({angle.cos(), angle.sin()}, 1);
}

}  // namespace training
