// Augmented random search (Mania, Guy & Recht 2018, Simple random search of static linear policies is
// competitive for reinforcement learning, algorithm 2): V1, and V2, which normalises observations.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agents/evolution/searched_policy.h"
#include "training/loop/table.h"

namespace agents {

// The b directions whose better side has the greatest return, from the best on. returns [2 N]: N directions
// with +, then with -; of equals the one of the lower number first.
std::vector<size_t> top_directions(const std::vector<double>& returns, size_t b);
// sigma_R, the standard deviation of the 2 b returns of these directions.
double return_deviation(const std::vector<double>& returns, const std::vector<size_t>& directions);
// (1 / b sigma_R) sum over the b directions of (r+ - r-) delta, [P], from delta [N, P]; zeros where all their
// returns are equal.
std::vector<double> random_search_step(const std::vector<double>& delta, const std::vector<double>& returns,
                                       const std::vector<size_t>& directions);

class Ars : public training::Learner {
 public:
  struct Options {
    SearchOptions search{.net = {.hidden = {}, .init = "orthogonal", .out_gain = 0},
                         .evolution = {.population = 16, .episodes = 1, .sigma = 0.05}};
    int64_t top = 0;
    double learning_rate = 0.02;
    bool normalize = true;

    void fields(core::Fields& f);
    int64_t directions() const { return search.evolution.population / 2; }
  };

  explicit Ars(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { policy_->evaluate(eval); }

 private:
  Options options_;
  std::unique_ptr<SearchedPolicy> policy_;
  uint64_t noise_seed_ = 0;
};

}  // namespace agents
