// The closed forms.
#include "training/distributions.h"

#include <cmath>

namespace training {
namespace {

torch::TensorOptions on_cpu(const torch::Tensor& like) { return like.options().device(torch::kCPU); }

// p * x where p = 0 outvotes x = -inf: what is impossible adds nothing.
torch::Tensor weighted(const torch::Tensor& p, const torch::Tensor& x) { return p * x.clamp_min(-1e30); }

}  // namespace

torch::Tensor normal_noise(const torch::Tensor& like, const torch::Generator& generator) {
  torch::NoGradGuard no_grad;
  return torch::randn(like.sizes(), generator, on_cpu(like)).to(like.device());
}

torch::Tensor uniform_noise(const torch::Tensor& like, const torch::Generator& generator) {
  torch::NoGradGuard no_grad;
  return torch::rand(like.sizes(), generator, on_cpu(like)).to(like.device());
}

Categorical::Categorical(const torch::Tensor& logits) : log_probs(logits.log_softmax(-1)) {}

torch::Tensor Categorical::sample(const torch::Generator& generator) const {
  torch::NoGradGuard no_grad;
  // The least of independent exponential times with rates p is class k with probability p_k. The floor keeps
  // 0 / 0 away from classes of probability 0.
  const auto times = (-torch::log1p(-uniform_noise(log_probs, generator))).clamp_min(1e-30);
  return (probs() / times).argmax(-1);
}

torch::Tensor Categorical::log_prob(const torch::Tensor& classes) const {
  return log_probs.gather(-1, classes.unsqueeze(-1)).squeeze(-1);
}

torch::Tensor Categorical::entropy() const { return -weighted(probs(), log_probs).sum(-1); }

torch::Tensor kl(const Categorical& p, const Categorical& q) {
  const auto at_p = p.probs();
  return (weighted(at_p, p.log_probs) - weighted(at_p, q.log_probs)).sum(-1);
}

torch::Tensor Bernoulli::sample(const torch::Generator& generator) const {
  torch::NoGradGuard no_grad;
  return (uniform_noise(logits, generator) < mean()).to(logits.dtype());
}

torch::Tensor Bernoulli::log_prob(const torch::Tensor& value) const {
  return value * logits - torch::softplus(logits);
}

torch::Tensor Bernoulli::entropy() const { return -log_prob(mean()); }

torch::Tensor kl(const Bernoulli& p, const Bernoulli& q) {
  return p.log_prob(p.mean()) - q.log_prob(p.mean());
}

Normal Normal::standard(const torch::Tensor& like) {
  return {torch::zeros_like(like), torch::zeros_like(like)};
}

torch::Tensor Normal::sample(const torch::Generator& generator) const {
  return mean + log_std.exp() * normal_noise(mean, generator);
}

torch::Tensor Normal::log_prob(const torch::Tensor& value) const {
  const double half_log_2pi = 0.5 * std::log(2 * M_PI);
  return -0.5 * ((value - mean) * (-log_std).exp()).square() - log_std - half_log_2pi;
}

torch::Tensor Normal::entropy() const { return (log_std + 0.5 * (1 + std::log(2 * M_PI))).expand_as(mean); }

torch::Tensor kl(const Normal& p, const Normal& q) {
  const auto variance_ratio = (2 * (p.log_std - q.log_std)).exp();
  const auto distance = ((p.mean - q.mean) * (-q.log_std).exp()).square();
  return 0.5 * (variance_ratio + distance - 1) - (p.log_std - q.log_std);
}

SquashedNormal::SquashedNormal(Normal inner_normal, torch::Tensor low_bound, torch::Tensor high_bound)
    : inner(std::move(inner_normal)), low(std::move(low_bound)), high(std::move(high_bound)) {}

torch::Tensor SquashedNormal::squash(const torch::Tensor& inside) const {
  return low + 0.5 * (high - low) * (1 + inside.tanh());
}

torch::Tensor SquashedNormal::log_prob(const torch::Tensor& inside) const {
  return inner.log_prob(inside) - log_tanh_slope(inside) - (0.5 * (high - low)).log();
}

torch::Tensor log_tanh_slope(const torch::Tensor& x) {
  return 2 * (std::log(2.0) - x - torch::softplus(-2 * x));
}

}  // namespace training
