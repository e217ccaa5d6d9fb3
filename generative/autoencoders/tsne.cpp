#include "generative/autoencoders/tsne.h"

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"
#include "generative/autoencoders/tsne_kernels.h"

namespace generative {

using torch::Tensor;

static Tensor squared_distances(const Tensor& x) {  // [M, D] -> [M, M]
  const Tensor norms = x.square().sum(1, true);
  return (norms + norms.t() - 2 * x.mm(x.t())).clamp_min(0);
}

Tensor neighbour_probabilities(const Tensor& rows, double perplexity) {
  const Tensor D = squared_distances(rows.to(torch::kFloat64));
  const Tensor scaled =
      (D / D.mean().clamp_min(1e-300)).contiguous();  // of the order of 1, whatever the rows' unit
  const int64_t M = rows.size(0);
  Tensor p = torch::empty({M, M}, torch::kFloat64);
  for (int64_t i = 0; i < M; ++i)
    neighbours_of_row(scaled.data_ptr<double>() + i * M, M, i, perplexity, p.data_ptr<double>() + i * M);
  return p;
}

template <class T>
static void slope_into(const Tensor& P, const Tensor& places, Tensor& slope) {
  const int64_t M = places.size(1);
  const T* x = places.data_ptr<T>();
  T* dx = slope.data_ptr<T>();
  tsne_slope(P.data_ptr<T>(), x, x + M, M, dx, dx + M);
}

Tensor tsne_gradient(const Tensor& P, const Tensor& places) {
  Tensor slope = torch::empty_like(places);
  AT_DISPATCH_FLOATING_TYPES(P.scalar_type(), "tsne_gradient",
                             [&] { slope_into<scalar_t>(P, places, slope); });
  return slope;
}

// Gradient descent with momentum and a gain for each number (Jacobs 1988), P exaggerated at first.
Tensor tsne(const Tensor& rows, const Tensor& start, const TsneOptions& options) {
  const torch::NoGradGuard no_grad;
  const auto M = double(rows.size(0));
  const Tensor conditional = neighbour_probabilities(rows, std::min(options.perplexity, M / 3));
  const Tensor P = ((conditional + conditional.t()) / (2 * M)).clamp_min(1e-12).to(torch::kFloat32);
  const int64_t exaggerated = options.iterations / 4;
  constexpr double exaggeration = 12;
  const Tensor exaggerated_P = exaggeration * P;
  const double rate = std::max(M / exaggeration, 50.0);  // Belkina et al. (2019)
  const Tensor centred = (start - start.mean(0)).to(torch::kFloat32).t().contiguous();
  Tensor places = 1e-4 * centred / centred[0].std().clamp_min(1e-12);  // [2, M]
  Tensor velocity = torch::zeros_like(places), gains = torch::ones_like(places);
  for (int64_t i = 0; i < options.iterations; ++i) {
    core::heed_signals();
    const bool early = i < exaggerated;
    const Tensor slope = tsne_gradient(early ? exaggerated_P : P, places);
    const Tensor onward = slope.sign() != velocity.sign();  // downhill still
    gains = torch::where(onward, gains + 0.2, gains * 0.8).clamp_min(0.01);
    velocity = (early ? 0.5 : 0.8) * velocity - rate * gains * slope;
    places = places + velocity;
  }
  return (places - places.mean(1, true)).t().to(torch::kFloat64);
}

}  // namespace generative
