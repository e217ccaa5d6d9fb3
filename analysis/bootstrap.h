// Statistics of a handful of runs as rliable defines them: Agarwal, Schwarzer, Castro, Courville & Bellemare
// (2021), "Deep Reinforcement Learning at the Edge of the Statistical Precipice".
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "render/statistics.h"

namespace analysis {

// [tasks][runs]: one number for each run (seed) of a method; every task has at least one run, not all equally
// many.
using Scores = std::vector<std::vector<double>>;

// Interquartile mean: all runs of all tasks without the lowest and the highest quarter, each floor(n / 4)
// runs (scipy.stats.trim_mean(x, 0.25)). NaN where a score is NaN.
double interquartile_mean(const Scores& scores);
// Performance profile at one threshold: the share of all runs whose score is above it.
double share_above(const Scores& scores, double threshold);
// The chance that a run of x beats a run of y, ties as a half, its mean over the tasks (Mann-Whitney's U / n
// m). Error unless both have the same tasks.
double probability_of_improvement(const Scores& x, const Scores& y);

// Stratified bootstrap over runs: each draw takes from each task as many runs as it has, with replacement.
// The numbers are NumPy's: default_rng(seed).integers(0, runs), draw after draw, in each task after task.
class Resamples {
 public:
  static constexpr size_t usual_draws = 2000;

  explicit Resamples(const Scores& scores, uint64_t seed = 0, size_t draws = usual_draws);
  size_t draws() const { return draws_; }
  bool tells() const { return tells_; }  // false: one run a task, every draw is the same
  // How often each draw holds the run; runs are counted through all tasks.
  std::span<const double> times(size_t run) const { return {times_.data() + run * draws_, draws_}; }

 private:
  size_t draws_;
  bool tells_ = false;
  std::vector<double> times_;  // [runs, draws]
};

// The statistics with their 95 % percentile intervals (NumPy's linear percentiles 2.5 and 97.5 over the
// draws). low and high are NaN where the resamples do not tell and where a score is not finite.
render::Interval iqm_interval(const Scores& scores, const Resamples& resamples);
render::Interval share_interval(const Scores& scores, double threshold, const Resamples& resamples);
// The two methods' runs are drawn independently: give them resamples of different seeds.
render::Interval improvement_interval(const Scores& x, const Scores& y, const Resamples& of_x,
                                      const Resamples& of_y);

// iqm_interval of the runs of one task, for many sets of numbers: draws are made once for each number of
// runs.
class SeedBootstrap {
 public:
  render::Interval operator()(std::span<const double> values);

 private:
  std::map<size_t, Resamples> made_;
};

}  // namespace analysis
