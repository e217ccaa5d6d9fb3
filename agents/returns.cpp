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
  const torch::Tensor own = returns * alive;  // [T, N]
  return (own.sum(1, true) - own) / (alive.sum(1, true) - alive).clamp_min(1);
}

torch::Tensor normalize(const torch::Tensor& x, const torch::Tensor& alive) {
  const torch::Tensor count = alive.sum();
  if (count.item<float>() < 2) return x * alive;
  const torch::Tensor mean = (x * alive).sum() / count;
  const torch::Tensor variance = ((x - mean).square() * alive).sum() / count;
  return (x - mean) / (variance.sqrt() + 1e-8) * alive;
}

torch::Tensor gae(const GaeInput& played, double gamma, double lambda) {
  const int64_t T = played.rewards.size(0), N = played.rewards.size(1);
  torch::Tensor advantages = torch::empty({T, N});
  const auto r = played.rewards.accessor<float, 2>(), v = played.values.accessor<float, 2>(),
             cut = played.final_values.accessor<float, 2>();
  const auto dead = played.terminated.accessor<uint8_t, 2>(), over = played.truncated.accessor<uint8_t, 2>();
  auto a = advantages.accessor<float, 2>();
  for (int64_t n = 0; n < N; ++n) {
    double later = 0;  // the advantage of the step after
    for (int64_t t = T - 1; t >= 0; --t) {
      const double next = dead[t][n] ? 0 : static_cast<double>(over[t][n] ? cut[t][n] : v[t + 1][n]);
      const double delta = static_cast<double>(r[t][n]) + gamma * next - static_cast<double>(v[t][n]);
      later = delta + (dead[t][n] || over[t][n] ? 0 : gamma * lambda * later);
      a[t][n] = static_cast<float>(later);
    }
  }
  return advantages;
}

double explained_variance(const torch::Tensor& values, const torch::Tensor& targets) {
  const double variance = targets.var(false).item<double>();
  return variance > 0 ? 1 - (targets - values).var(false).item<double>() / variance : 0;
}

}  // namespace agents
