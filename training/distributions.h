// Probability distributions over batches: sample, log_prob, entropy, KL. Nats everywhere. Categorical reduces
// its last dimension; the others are element-wise, so the caller sums over the dimensions of one event.
//
// Random numbers come from the caller's generator, always drawn on the CPU and then moved, so that a run on
// another device sees the same noise.
#pragma once

#include "training/torch.h"

namespace training {

// Standard normal and uniform [0, 1) numbers of `like`'s shape, dtype and device.
torch::Tensor normal_noise(const torch::Tensor& like, const torch::Generator& generator);
torch::Tensor uniform_noise(const torch::Tensor& like, const torch::Generator& generator);

// One of A classes. Logits may hold -inf (an action that is not allowed): probability 0, no part of the
// entropy.
struct Categorical {
  explicit Categorical(const torch::Tensor& logits);  // [..., A], any constant shift

  torch::Tensor log_probs;  // [..., A], normalised

  torch::Tensor probs() const { return log_probs.exp(); }
  torch::Tensor mode() const { return log_probs.argmax(-1); }     // [...] int64
  torch::Tensor sample(const torch::Generator& generator) const;  // [...] int64
  torch::Tensor log_prob(const torch::Tensor& classes) const;     // [...] int64 -> [...]
  torch::Tensor entropy() const;                                  // [...]
};
torch::Tensor kl(const Categorical& p, const Categorical& q);  // [...], KL(p || q)

// 0 or 1 with log-odds `logits`; values between count as expectations (grey pictures), as usual for VAEs.
struct Bernoulli {
  explicit Bernoulli(torch::Tensor log_odds) : logits(std::move(log_odds)) {}

  torch::Tensor logits;  // [...]

  torch::Tensor mean() const { return logits.sigmoid(); }
  torch::Tensor mode() const { return (logits > 0).to(logits.dtype()); }
  torch::Tensor sample(const torch::Generator& generator) const;  // [...] 0 or 1, of the logits' dtype
  torch::Tensor log_prob(const torch::Tensor& value) const;       // [...]
  torch::Tensor entropy() const;                                  // [...]
};
torch::Tensor kl(const Bernoulli& p, const Bernoulli& q);

// Gaussian, independent per element; log_std broadcasts against mean.
struct Normal {
  Normal(torch::Tensor mu, torch::Tensor log_sigma) : mean(std::move(mu)), log_std(std::move(log_sigma)) {}
  static Normal standard(const torch::Tensor& like);  // N(0, 1) of like's shape

  torch::Tensor mean, log_std;  // [...]

  torch::Tensor mode() const { return mean; }
  // Mean + std * noise: differentiable (Kingma & Welling 2014, section 2.4). Detach it for a score-function
  // estimator.
  torch::Tensor sample(const torch::Generator& generator) const;
  torch::Tensor log_prob(const torch::Tensor& value) const;  // [...]
  torch::Tensor entropy() const;                             // [...]
};
torch::Tensor kl(const Normal& p, const Normal& q);

// Tanh of a Gaussian, stretched over low .. high (Haarnoja et al. 2018, appendix C): an action within the
// bounds of a Box. Independent per element. What is inside of tanh stands for it, since near a bound no
// action tells how far out it was.
struct SquashedNormal {
  SquashedNormal(Normal inner_normal, torch::Tensor low_bound, torch::Tensor high_bound);

  Normal inner;
  torch::Tensor low, high;  // [A], both finite

  torch::Tensor squash(const torch::Tensor& inside) const;   // [..., A] -> [..., A] in low .. high
  torch::Tensor mode() const { return squash(inner.mean); }  // of the inner normal
  torch::Tensor sample(const torch::Generator& generator) const { return squash(inner.sample(generator)); }
  // log density of the action at squash(inside), exact wherever that is finite: [..., A].
  torch::Tensor log_prob(const torch::Tensor& inside) const;
};
// log of d tanh(x) / dx = 1 - tanh(x)^2, without the loss of digits that this form has.
torch::Tensor log_tanh_slope(const torch::Tensor& x);

}  // namespace training
