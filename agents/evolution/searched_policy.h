// A policy as a point that a search moves: what the searches of this folder share as learners.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agents/evolution/evolution.h"

namespace agents {

struct SearchOptions {
  envs::Options env;
  training::MlpOptions net{.hidden = {}, .init = "orthogonal", .out_gain = 0.01};
  EvolutionOptions evolution{.population = 16, .episodes = 4, .sigma = 0.5};
  bool biases = false;

  // The sections env and net and the algorithm's own, to which `more` adds. `section` "cma_es", `algorithm`
  // "CMA-ES".
  void fields(core::Fields& f, const std::string& section, const std::string& algorithm,
              const std::function<void(core::Fields&)>& more = {});
};

// d of the policy's P parameters are searched: its weights, and its biases if wanted, in FlatMlp's order.
class SearchedPolicy {
 public:
  // Registers what Evolution registers; errors and `normalize` as there.
  SearchedPolicy(const SearchOptions& options, training::Build& build, bool normalize = false);

  size_t size() const { return places_.size(); }  // d
  int64_t parameters() const;                     // P
  std::vector<double> point() const;              // [d], where the policy stands
  void move_to(const std::vector<double>& point);
  // Mean returns [n] of the policies at `points` [n, d], and the same negated.
  std::vector<double> returns(const std::vector<double>& points, training::Step& step);
  std::vector<double> costs(const std::vector<double>& points, training::Step& step);
  void evaluate(training::Eval& eval) { evolution_.evaluate(eval); }

 private:
  std::vector<double> policies(const std::vector<double>& points) const;

  Evolution evolution_;
  std::vector<size_t> places_;  // [d], where they lie among all parameters
};

}  // namespace agents
