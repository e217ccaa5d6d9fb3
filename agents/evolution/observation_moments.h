// Mean and deviation of all observations that a population has met, number by number (Welford 1962; joined as
// in Chan, Golub & LeVeque 1979): the normalisation of ARS V2 (Mania, Guy & Recht 2018, algorithm 2).
#pragma once

#include <cstddef>
#include <vector>

#include "core/archive.h"

namespace agents {

// Unlike the statistics of the wrapper normalize_observation these can be gathered apart, by each player its
// own, and joined in the players' order: the same bits at any number of threads.
class ObservationMoments {
 public:
  explicit ObservationMoments(size_t size) : mean_(size), squares_(size) {}

  size_t size() const { return mean_.size(); }  // O
  double count() const { return count_; }
  const std::vector<double>& mean() const { return mean_; }  // [O]
  // sqrt(mean squared distance from the mean) of number k; 1 before anything was met.
  double deviation(size_t k) const;

  void add(const float* observation);  // [O]
  // Adds all that `other` has met, which is empty afterwards.
  void take(ObservationMoments& other);
  // (x - mean) / deviation of each number of an observation [O], in place; as it is before anything was met.
  // A number that has not changed so far becomes 0, as in the authors' program.
  void normalize(float* observation) const;
  void state(core::Archive& archive);

 private:
  double count_ = 0;
  std::vector<double> mean_, squares_;  // [O]; squares_: sums of squared distances from the mean
};

}  // namespace agents
