#include "generative/autoencoders/pixels.h"

#include "training/distributions.h"

namespace generative {

using torch::Tensor;

// Near 0 the formulas below are 0 / 0: there the first terms of their series.
static constexpr double near_zero = 0.05;

static Tensor away_from_zero(const Tensor& l) {
  return torch::where(l.abs() < near_zero, torch::ones_like(l), l);
}

// C = l / tanh(l / 2) of the log-odds l.
Tensor ContinuousBernoulli::log_normaliser() const {
  const Tensor far = away_from_zero(logits), square = logits.square();
  return torch::where(logits.abs() < near_zero, (2 + square / 6 - square.square() / 360).log(),
                      (far / (far / 2).tanh()).log());
}

Tensor ContinuousBernoulli::mean() const {
  const Tensor far = away_from_zero(logits);
  return torch::where(logits.abs() < near_zero, 0.5 + logits / 12 - logits.pow(3) / 720,
                      far.sigmoid() / (far / 2).tanh() - far.reciprocal());
}

Tensor ContinuousBernoulli::log_prob(const Tensor& value) const {
  return training::Bernoulli(logits).log_prob(value) + log_normaliser();
}

// s(a) - s(b) = s(a) s(-b) (1 - exp(b - a)) of the sigmoid s, which loses no digits far from the mean.
Tensor DiscretisedLogistic::log_prob(const Tensor& value) const {
  constexpr double half = 0.5 / 255;
  const Tensor rate = (-log_scale).exp(), centred = value - mean;
  const Tensor below = torch::log_sigmoid((centred + half) * rate);   // ln P(X < upper edge)
  const Tensor above = torch::log_sigmoid(-(centred - half) * rate);  // ln P(X > lower edge)
  const Tensor inside = below + above + (-torch::expm1(-2 * half * rate)).log();
  return torch::where(value < half, below, torch::where(value > 1 - half, above, inside));
}

}  // namespace generative
