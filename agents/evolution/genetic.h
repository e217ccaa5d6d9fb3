// Genetic algorithm without crossover (Such et al. 2017, Deep neuroevolution: genetic algorithms are a
// competitive alternative for training deep neural networks for reinforcement learning, algorithm 1).
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
class GeneticSearch {
 public:
  struct Options {
    double sigma = 1;        // of the mutation of each number
    int64_t population = 2;  // candidates of each generation
    int64_t parents = 1;     // of them that have children: truncation selection
    int64_t elites = 1;      // of those that live on as they are
  };

  GeneticSearch() = default;
  // From one individual [d]. Error unless elites <= parents <= population and elites < population.
  GeneticSearch(const std::vector<double>& first, const Options& options);

  // Candidates [population, d], drawn by (seed, generation, candidate): the elites as they are, then mutated
  // children of parents of whom each is as likely. The first generation is `first` and its children.
  std::vector<double> ask(uint64_t seed);
  // costs [population] of the latest candidates. Error(failed) when one is not finite.
  void tell(std::span<const double> costs);

  std::vector<double> best() const { return individual(parents_, 0); }  // [d]
  const std::vector<double>& parents() const { return parents_; }       // [parents, d], from the best on
  void state(core::Archive& archive);

 private:
  std::vector<double> individual(const std::vector<double>& rows, size_t i) const;
  size_t parent_of(uint64_t seed, size_t child) const;

  size_t d_ = 0;
  Options options_;
  std::vector<double> parents_;     // [parents, d]
  std::vector<double> candidates_;  // [population, d]
  int64_t generation_ = 0;
};

class Genetic : public training::Learner {
 public:
  struct Options {
    SearchOptions search{.net = {.hidden = {20}, .init = "orthogonal", .out_gain = 0.01},
                         .evolution = {.population = 64, .episodes = 2, .sigma = 0.2},
                         .biases = true};
    int64_t parents = 8, elites = 1;

    void fields(core::Fields& f);
  };

  explicit Genetic(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { policy_->evaluate(eval); }

 private:
  GeneticSearch around_policy() const;

  Options options_;
  std::unique_ptr<SearchedPolicy> policy_;  // the best of the latest generation
  GeneticSearch search_;
  uint64_t noise_seed_ = 0;
};

}  // namespace agents
