// Separable natural evolution strategy (Schaul, Glasmachers & Schmidhuber 2011, High dimensions and heavy
// tails for natural evolution strategies, algorithm 1): the natural gradient of mean and deviations.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "agents/evolution/searched_policy.h"
#include "core/archive.h"
#include "training/loop/table.h"

namespace agents {

// The search itself, for any function of d numbers; the less the better.
class SnesSearch {
 public:
  SnesSearch() = default;
  // From `mean` [d] with standard deviation `sigma` of each number; lambda >= 2 candidates a generation.
  SnesSearch(std::vector<double> mean, double sigma, int64_t lambda);

  // Candidates [lambda, d], drawn by (seed, generation, candidate).
  std::vector<double> ask(uint64_t seed);
  // costs [lambda] of the latest candidates. Error(failed) when one is not finite.
  void tell(std::span<const double> costs);

  const std::vector<double>& mean() const { return mean_; }    // [d]
  const std::vector<double>& sigma() const { return sigma_; }  // [d]
  double mean_sigma() const;                                   // their geometric mean
  void state(core::Archive& archive);

 private:
  size_t d_ = 0, lambda_ = 0;
  std::vector<double> utilities_;     // [lambda], of the first, second, ... best, sum 0
  double eta_sigma_ = 0;              // how fast deviations learn
  std::vector<double> mean_, sigma_;  // [d]
  int64_t generation_ = 0;
  std::vector<double> s_;  // [lambda, d]
};

class Snes : public training::Learner {
 public:
  struct Options {
    SearchOptions search;

    void fields(core::Fields& f) { search.fields(f, "snes", "SNES"); }
  };

  explicit Snes(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { policy_->evaluate(eval); }

 private:
  SnesSearch around_policy() const;

  Options options_;
  std::unique_ptr<SearchedPolicy> policy_;  // it stands at the search's mean
  SnesSearch search_;
  uint64_t noise_seed_ = 0;
};

}  // namespace agents
