#include "generative/autoencoders/tsne.h"

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"

namespace generative {

using torch::Tensor;

static Tensor squared_distances(const Tensor& x) {  // [M, D] -> [M, M]
  const Tensor norms = x.square().sum(1, true);
  return (norms + norms.t() - 2 * x.mm(x.t())).clamp_min(0);
}

Tensor neighbour_probabilities(const Tensor& rows, double perplexity) {
  constexpr int bisections = 60;
  const Tensor x = rows.to(torch::kFloat64), D = squared_distances(x);
  const Tensor scaled = D / D.mean().clamp_min(1e-300);  // of the order of 1, whatever the rows' unit
  const Tensor self = torch::eye(x.size(0), torch::kBool);
  Tensor low = torch::full({x.size(0), 1}, -30.0, torch::kFloat64), high = -low, p;  // ln of the precision
  for (int i = 0; i < bisections; ++i) {
    const Tensor middle = (low + high) / 2;
    const Tensor log_p = (-scaled * middle.exp()).masked_fill(self, -INFINITY).log_softmax(1);
    p = log_p.exp();
    const Tensor entropy = -(p * log_p.masked_fill(self, 0)).sum(1, true);
    const Tensor wide = entropy > std::log(perplexity);  // the precision has to rise
    low = torch::where(wide, middle, low);
    high = torch::where(wide, high, middle);
  }
  return p;
}

Tensor tsne_gradient(const Tensor& P, const Tensor& places) {
  const Tensor affinity = (1 + squared_distances(places)).reciprocal().fill_diagonal_(0);  // Student's t
  const Tensor pull = (P - affinity / affinity.sum()) * affinity;
  return 4 * (pull.sum(1, true) * places - pull.mm(places));
}

// Gradient descent with momentum and a gain for each number (Jacobs 1988), P exaggerated at first.
Tensor tsne(const Tensor& rows, const Tensor& start, const TsneOptions& options) {
  const torch::NoGradGuard no_grad;
  const auto M = double(rows.size(0));
  const Tensor conditional = neighbour_probabilities(rows, std::min(options.perplexity, M / 3));
  const Tensor P = ((conditional + conditional.t()) / (2 * M)).clamp_min(1e-12).to(torch::kFloat32);
  const int64_t exaggerated = options.iterations / 4;
  constexpr double exaggeration = 12;
  const double rate = std::max(M / exaggeration, 50.0);  // Belkina et al. (2019)
  const Tensor centred = (start - start.mean(0)).to(torch::kFloat32);
  Tensor places = 1e-4 * centred / centred.select(1, 0).std().clamp_min(1e-12);
  Tensor velocity = torch::zeros_like(places), gains = torch::ones_like(places);
  for (int64_t i = 0; i < options.iterations; ++i) {
    core::heed_signals();
    const bool early = i < exaggerated;
    const Tensor slope = tsne_gradient(early ? exaggeration * P : P, places);
    const Tensor onward = slope.sign() != velocity.sign();  // downhill still
    gains = torch::where(onward, gains + 0.2, gains * 0.8).clamp_min(0.01);
    velocity = (early ? 0.5 : 0.8) * velocity - rate * gains * slope;
    places = places + velocity;
  }
  return (places - places.mean(0)).to(torch::kFloat64);
}

}  // namespace generative
