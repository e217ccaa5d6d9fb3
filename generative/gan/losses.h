// What the two sides of the game minimise: minimax and non-saturating (Goodfellow et al. 2014, equation 1 and
// section 3), least squares (Mao et al. 2017, equation 9), Wasserstein (Arjovsky, Chintala & Bottou 2017,
// equation 3).
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

namespace generative {

struct GanLoss {
  using OfOpinion = torch::Tensor (*)(const torch::Tensor& opinion);  // [B, 1], unbounded -> []

  const char* name;
  const char* unit;
  OfOpinion on_data, on_samples;  // of the critic, mean over the batch
  OfOpinion of_generator;         // of the critic's opinion of its samples, likewise
  bool log_odds;                  // the opinion is ln D / (1 - D) of a probability D
  bool wasserstein;               // the critic must have a bounded slope

  // What a person sees of an opinion: the probability of being data, where it is one.
  torch::Tensor shown(const torch::Tensor& opinion) const { return log_odds ? opinion.sigmoid() : opinion; }
};

// Of the table: minimax, non_saturating, least_squares, wgan_clip, wgan_gp. Error on another name.
const GanLoss& gan_loss(const std::string& name);
std::vector<std::string> gan_losses();

}  // namespace generative
