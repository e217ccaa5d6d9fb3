// Draws of categorical variables that gradients pass: relaxed by Gumbel noise (Jang, Gu & Poole 2017;
// Maddison, Mnih & Teh 2017), and the score function with the mean of the other draws as its baseline (Kool,
// van Hoof & Welling 2019).
#pragma once

#include "training/torch.h"

namespace generative {

// Softmax of (logits + Gumbel noise) / temperature, [..., K]: near a corner of the simplex where the
// temperature is low, which corner with the probabilities softmax(logits).
torch::Tensor gumbel_softmax(const torch::Tensor& logits, double temperature,
                             const torch::Generator& generator);

// Of costs [S, B] that draws s = 1 .. S have, and their log-probabilities [S, B], S >= 2: a scalar whose
// gradient is, on average, that of the mean cost by way of the probabilities. Its value means nothing.
torch::Tensor score_function(const torch::Tensor& costs, const torch::Tensor& log_probs);

}  // namespace generative
