// Which symbols a text may go on with, and how likely each: temperature, the k likeliest, and the nucleus,
// the fewest that are together as likely as p (Holtzman et al. 2020, The curious case of neural text
// degeneration).
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <utility>

namespace supervised {

struct Sampling {
  double temperature = 1;  // 0: the likeliest alone
  int64_t top_k = 0;       // 0: among all
  double top_p = 1;
};

// Of logits [V]: probabilities that sum to 1, the highest first, 0 outside of the nucleus; and whose they
// are.
std::pair<torch::Tensor, torch::Tensor> choices(const torch::Tensor& logits, const Sampling& sampling);
// One of them, by torch's default generator.
int64_t draw(const torch::Tensor& logits, const Sampling& sampling);

}  // namespace supervised
