#include "generative/diffusion/noise_schedule.h"

#include <algorithm>
#include <cmath>

namespace generative {

using torch::Tensor;

static constexpr double largest_beta = 0.999;

static double linear_beta(int64_t t, int64_t T) {
  const double first = 1e-4, last = 0.02, share = T > 1 ? double(t) / double(T - 1) : 1;
  return 1000.0 / double(T) * (first + share * (last - first));
}

static double cosine_beta(int64_t t, int64_t T) {
  constexpr double offset = 0.008;
  const auto kept = [&](double step) {
    return std::pow(std::cos((step / double(T) + offset) / (1 + offset) * M_PI / 2), 2);
  };
  return 1 - kept(double(t + 1)) / kept(double(t));
}

NoiseSchedule::NoiseSchedule(const std::string& name, int64_t steps) {
  double kept = 1;
  for (int64_t t = 0; t < steps; ++t) {
    const double beta = name == "cosine" ? cosine_beta(t, steps) : linear_beta(t, steps);
    kept *= 1 - std::min(beta, largest_beta);
    at_.push_back(kept);
  }
  kept_ = torch::tensor(at_, torch::kFloat64);
}

NoiseSchedule::Posterior NoiseSchedule::posterior(int64_t t) const {
  const double a = kept(t), before = kept(t - 1), b = beta(t);
  return {std::sqrt(before) * b / (1 - a), std::sqrt(1 - b) * (1 - before) / (1 - a),
          (1 - before) / (1 - a) * b};
}

double NoiseSchedule::terminal_kl(double square) const {
  const double a = kept(steps() - 1);
  return 0.5 * (a * square - a - std::log1p(-a));
}

NoiseSchedule::Roots NoiseSchedule::roots(const Tensor& like, const Tensor& t) const {
  auto one_each = std::vector<int64_t>(size_t(like.dim()), 1);
  one_each[0] = t.size(0);
  const Tensor a = kept_.index_select(0, t.cpu()).view(one_each);
  return {a.sqrt().to(like), (1 - a).sqrt().to(like)};
}

Tensor NoiseSchedule::noised(const Tensor& x, const Tensor& noise, const Tensor& t) const {
  const Roots r = roots(x, t);
  return r.data * x + r.noise * noise;
}

Tensor NoiseSchedule::velocity(const Tensor& x, const Tensor& noise, const Tensor& t) const {
  const Roots r = roots(x, t);
  return r.data * noise - r.noise * x;
}

Tensor NoiseSchedule::noise_of(const Tensor& x_t, const Tensor& v, const Tensor& t) const {
  const Roots r = roots(x_t, t);
  return r.noise * x_t + r.data * v;
}

Tensor NoiseSchedule::data_of(const Tensor& x_t, const Tensor& v, const Tensor& t) const {
  const Roots r = roots(x_t, t);
  return r.data * x_t - r.noise * v;
}

Leap leap(const NoiseSchedule& schedule, int64_t now, int64_t next, double eta) {
  const double a = schedule.kept(now), after = schedule.kept(next);
  const double deviation = eta * std::sqrt((1 - after) / (1 - a) * (1 - a / after));
  return {std::sqrt(after), std::sqrt(std::max(0.0, 1 - after - deviation * deviation)), deviation};
}

std::vector<int64_t> sampled_steps(int64_t T, int64_t count) {
  std::vector<int64_t> steps;
  for (int64_t i = count; i > 0; --i)
    steps.push_back(int64_t(std::llround(double(i) * double(T) / double(count))) - 1);
  steps.push_back(-1);
  return steps;
}

}  // namespace generative
