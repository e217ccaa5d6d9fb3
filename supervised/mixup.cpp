#include "supervised/mixup.h"

namespace supervised {

using torch::Tensor;

// Two draws of Gamma(alpha) have shares of their sum that are Beta(alpha, alpha).
static double drawn_share(double alpha, const torch::Generator& stream) {
  const Tensor gammas = torch::_standard_gamma(torch::full({2}, alpha, torch::kFloat64), stream);
  const double a = gammas[0].item<double>(), b = gammas[1].item<double>();
  return a + b > 0 ? a / (a + b) : 1;
}

Mixed::Mixed(const training::Batch& batch, double alpha, torch::Generator stream) : Mixed(batch) {
  if (alpha == 0) return;
  share = drawn_share(alpha, stream);
  const Tensor order = torch::randperm(inputs.size(0), stream, torch::kInt64).to(inputs.device());
  inputs = share * inputs + (1 - share) * inputs.index_select(0, order);
  others = targets.index_select(0, order);
}

}  // namespace supervised
