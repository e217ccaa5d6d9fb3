#include "agents/evolution/cma_motion.h"

#include <cmath>

namespace agents {

CmaMotion::CmaMotion(std::vector<double> m, double step_size)
    : mean(std::move(m)), path_sigma(mean.size()), path_c(mean.size()), sigma(step_size) {}

std::vector<double> CmaMotion::candidates(const std::vector<double>& y) const {
  std::vector<double> x(y.size());
  for (size_t i = 0; i < x.size(); ++i) x[i] = mean[i % mean.size()] + sigma * y[i];
  return x;
}

double CmaMotion::tell(const CmaConstants& k, const Ranking& parents, const std::vector<double>& y,
                       const std::vector<double>& z) {
  // Move the mean to the better half.
  const size_t d = mean.size();
  const std::vector<double> step = weighted_sum(parents, y, d), white = weighted_sum(parents, z, d);  // (41)
  for (size_t j = 0; j < d; ++j) mean[j] += sigma * step[j];                                          // (42)
  ++generation;

  // A long path asks for longer steps, a short one for shorter ones. C^-1/2 y = z. Its mu_eff is that of the
  // weights given, so that where all are equal the path is as long as expected and the steps stay as they
  // are.
  const double mu_eff = 1 / sum_of_squares(parents.weights);
  const double pull = std::sqrt(k.c_sigma * (2 - k.c_sigma) * mu_eff);
  for (size_t j = 0; j < d; ++j) path_sigma[j] = (1 - k.c_sigma) * path_sigma[j] + pull * white[j];  // (43)
  const double length = std::sqrt(sum_of_squares(path_sigma));
  sigma *= std::exp(k.c_sigma / k.d_sigma * (length / k.expected_norm - 1));  // (44)

  // The path along which the covariance is stretched.
  const double warm = std::sqrt(1 - std::pow(1 - k.c_sigma, 2 * static_cast<double>(generation)));
  const bool calm = length / warm < (1.4 + 2 / (static_cast<double>(d) + 1)) * k.expected_norm;  // h_sigma
  const double variance = k.c_c * (2 - k.c_c), along = calm ? std::sqrt(variance * mu_eff) : 0;
  for (size_t j = 0; j < d; ++j) path_c[j] = (1 - k.c_c) * path_c[j] + along * step[j];  // (45)
  return calm ? 0 : variance;
}

void CmaMotion::state(core::Archive& archive) {
  archive("mean", mean);
  archive("path_sigma", path_sigma);
  archive("path_c", path_c);
  archive("sigma", sigma);
  archive.within("generation", generation, int64_t{0}, int64_t{1} << 62);
}

bool CmaMotion::is_sound() const {
  bool sound = std::isfinite(sigma) && sigma > 0;
  for (const auto* numbers : {&mean, &path_sigma, &path_c})
    for (const double x : *numbers) sound = sound && std::isfinite(x);
  return sound;
}

}  // namespace agents
