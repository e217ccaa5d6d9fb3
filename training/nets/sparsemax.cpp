#include "training/nets/sparsemax.h"

namespace training {

using torch::Tensor;

Tensor sparsemax(const Tensor& scores) {
  const Tensor z = std::get<0>(scores.sort(-1, /*descending=*/true));
  const Tensor k = torch::arange(1, z.size(-1) + 1, z.options());
  const Tensor support =
      (1 + k * z > z.cumsum(-1)).to(z.scalar_type());  // of the sorted scores: 1, ..., 1, 0, ...
  const Tensor tau = ((z * support).sum(-1, true) - 1) / support.sum(-1, true);
  return (scores - tau).clamp_min(0);
}

}  // namespace training
