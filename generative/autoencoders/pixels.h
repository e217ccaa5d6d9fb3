// What a decoder may say of a grey pixel beside black or white: a density on 0..1, or a chance for each of
// its 256 values. Element by element; nats.
#pragma once

#include "training/torch.h"

namespace generative {

// p(x) = C l^x (1 - l)^(1 - x) on 0 <= x <= 1 (Loaiza-Ganem & Cunningham 2019, The continuous Bernoulli), by
// the log-odds of l. Without C, the integral is not one.
struct ContinuousBernoulli {
  explicit ContinuousBernoulli(torch::Tensor log_odds) : logits(std::move(log_odds)) {}

  torch::Tensor logits;  // [...]

  torch::Tensor log_normaliser() const;                      // ln C
  torch::Tensor mean() const;                                // not l, but on its side of 1/2
  torch::Tensor log_prob(const torch::Tensor& value) const;  // [...]
};

// The chance of each of the values 0, 1/255, ..., 1 is what a logistic density has nearest to it, the tails
// included (Kingma et al. 2016, Inverse autoregressive flow, section 5.1; Salimans et al. 2017, PixelCNN++).
struct DiscretisedLogistic {
  DiscretisedLogistic(torch::Tensor location, torch::Tensor log_width)
      : mean(std::move(location)), log_scale(std::move(log_width)) {}

  torch::Tensor mean, log_scale;  // [...]

  torch::Tensor log_prob(const torch::Tensor& value) const;  // [...], of values k / 255
};

}  // namespace generative
