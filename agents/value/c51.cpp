#include "agents/value/c51.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace agents {

void C51Options::fields(core::Fields& f) {
  values.fields(f, agent, [this](core::Fields& own) {
    own.add("atoms", atoms, "Returns whose probabilities are learned, evenly spaced",
            {.min = 2, .max = 10000, .unit = "atoms"});
    own.add("v_min", v_min, "The least of them", {.unit = "reward"});
    own.add("v_max", v_max, "The largest of them", {.unit = "reward"});
  });
}

Categorical C51Options::estimate() const {
  core::check(v_min < v_max, "c51.v_max: expected more than c51.v_min = {}, found {}", v_min, v_max);
  return {atoms, v_min, v_max};
}

Categorical::Categorical(int64_t atoms, double low, double high)
    : atoms_(static_cast<size_t>(atoms)),
      next_(atoms_.size()),
      projected_(atoms_.size()),
      step_(static_cast<float>((high - low) / static_cast<double>(atoms - 1))) {
  for (size_t j = 0; j < atoms_.size(); ++j)
    atoms_[j] =
        static_cast<float>(low + (high - low) * static_cast<double>(j) / static_cast<double>(atoms - 1));
}

// Writes softmax(z) [K]; log of the sum of exp(z).
static float softmax(const float* z, size_t K, float* p) {
  const float largest = *std::max_element(z, z + K);
  float sum = 0;
  for (size_t j = 0; j < K; ++j) sum += p[j] = std::exp(z[j] - largest);
  for (size_t j = 0; j < K; ++j) p[j] /= sum;
  return largest + std::log(sum);
}

float Categorical::mean(const float* z) const {
  const float largest = *std::max_element(z, z + numbers());
  float sum = 0, weighted = 0;
  for (size_t j = 0; j < atoms_.size(); ++j) {
    const float p = std::exp(z[j] - largest);
    sum += p;
    weighted += p * atoms_[j];
  }
  return weighted / sum;
}

const std::vector<float>& Categorical::project(const TdTarget& target) {
  const size_t K = atoms_.size();
  softmax(target.next, K, next_.data());
  std::fill(projected_.begin(), projected_.end(), 0.0f);
  for (size_t j = 0; j < K; ++j) {
    const float moved =
        std::clamp(target.reward + target.discount * atoms_[j], atoms_.front(), atoms_.back());
    const float place = std::clamp((moved - atoms_.front()) / step_, 0.0f, static_cast<float>(K - 1));
    const auto lower = static_cast<size_t>(place);
    const float above = place - static_cast<float>(lower);  // the share of the upper neighbour
    projected_[lower] += next_[j] * (1 - above);
    if (above > 0) projected_[lower + 1] += next_[j] * above;
  }
  return projected_;
}

TdLoss Categorical::loss(const float* z, const TdTarget& target, float* d_z) {
  const size_t K = atoms_.size();
  project(target);
  const float log_sum = softmax(z, K, d_z);  // where the probabilities stand for now
  float value = 0, wanted = 0, cross_entropy = 0, entropy = 0;
  for (size_t j = 0; j < K; ++j) {
    const float p = d_z[j], m = projected_[j];
    value += p * atoms_[j];
    wanted += m * atoms_[j];
    cross_entropy -= m * (z[j] - log_sum);
    entropy -= m > 0 ? m * std::log(m) : 0;
    d_z[j] = p - m;
  }
  return {value, value - wanted, cross_entropy, std::max(cross_entropy - entropy, 0.0f)};
}

}  // namespace agents
