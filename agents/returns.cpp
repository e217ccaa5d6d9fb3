#include "agents/returns.h"

namespace agents {

torch::Tensor returns_to_go(const torch::Tensor& rewards, const torch::Tensor& alive, double gamma) {
  const int64_t T = rewards.size(0), N = rewards.size(1);
  torch::Tensor returns = torch::zeros({T, N});
  const auto r = rewards.accessor<float, 2>(), a = alive.accessor<float, 2>();
  auto g = returns.accessor<float, 2>();
  for (int64_t n = 0; n < N; ++n) {
    double sum = 0;
    for (int64_t t = T - 1; t >= 0; --t) {
      sum = a[t][n] != 0 ? r[t][n] + gamma * sum : 0;
      g[t][n] = static_cast<float>(sum);
    }
  }
  return returns;
}

torch::Tensor timestep_mean(const torch::Tensor& returns, const torch::Tensor& alive) {
  return (returns * alive).sum(1, true) / alive.sum(1, true).clamp_min(1);  // [T, 1]
}

torch::Tensor normalize(const torch::Tensor& x, const torch::Tensor& alive) {
  const torch::Tensor count = alive.sum();
  const torch::Tensor mean = (x * alive).sum() / count;
  const torch::Tensor variance = ((x - mean).square() * alive).sum() / count;
  return (x - mean) / (variance.sqrt() + 1e-8) * alive;
}

}  // namespace agents
