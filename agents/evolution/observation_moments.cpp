#include "agents/evolution/observation_moments.h"

#include <cmath>

#include "core/error.h"

namespace agents {

static constexpr double still = 1e-7;  // the deviation of a number that does not change

double ObservationMoments::deviation(size_t k) const {
  return count_ == 0 ? 1 : std::sqrt(squares_[k] / count_);
}

void ObservationMoments::add(const float* observation) {
  ++count_;
  for (size_t k = 0; k < size(); ++k) {
    const double x = static_cast<double>(observation[k]), before = x - mean_[k];
    mean_[k] += before / count_;
    squares_[k] += before * (x - mean_[k]);
  }
}

void ObservationMoments::take(ObservationMoments& other) {
  if (other.count_ == 0) return;
  const double all = count_ + other.count_;
  for (size_t k = 0; k < size(); ++k) {
    const double apart = other.mean_[k] - mean_[k];
    mean_[k] += apart * other.count_ / all;
    squares_[k] += other.squares_[k] + apart * apart * count_ * other.count_ / all;
  }
  count_ = all;
  other = ObservationMoments(size());
}

void ObservationMoments::normalize(float* observation) const {
  if (count_ == 0) return;
  for (size_t k = 0; k < size(); ++k) {
    const double wide = deviation(k), x = static_cast<double>(observation[k]) - mean_[k];
    observation[k] = wide < still ? 0 : static_cast<float>(x / wide);
  }
}

void ObservationMoments::state(core::Archive& archive) {
  archive("count", count_);
  archive("mean", mean_);
  archive("squares", squares_);
  bool sound = std::isfinite(count_) && count_ >= 0;
  for (size_t k = 0; k < size(); ++k)
    sound = sound && std::isfinite(mean_[k]) && std::isfinite(squares_[k]) && squares_[k] >= 0;
  core::check(!archive.loading() || sound, "saved statistics of observations hold numbers that cannot be");
}

}  // namespace agents
