#include "generative/autoencoders/gumbel.h"

#include "training/distributions.h"

namespace generative {

using torch::Tensor;

Tensor gumbel_softmax(const Tensor& logits, double temperature, const torch::Generator& generator) {
  const Tensor uniform = training::uniform_noise(logits, generator).clamp_min(1e-20);
  const Tensor noise = -(-uniform.log()).clamp_min(1e-20).log();
  return ((logits + noise) / temperature).softmax(-1);
}

Tensor score_function(const Tensor& costs, const Tensor& log_probs) {
  const double S = double(costs.size(0));
  const Tensor others = (costs.sum(0) - costs) / (S - 1);
  return ((costs - others).detach() * log_probs).mean();
}

}  // namespace generative
