// Value iteration (Bellman 1957; Sutton & Barto 2018, equation 4.10): V(s) = max_a sum p (r + gamma V(s')),
// sweep by sweep over a known table.
#pragma once

#include <optional>

#include "agents/tabular/known_table.h"

namespace agents {

class ValueIteration : public training::Learner {
 public:
  struct Options {
    KnownTableOptions known;

    void fields(core::Fields& f) { known.fields(f, "value_iteration", "Value iteration's own options"); }
  };

  explicit ValueIteration(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { known_->evaluate(options_.known.env, eval); }

 private:
  Options options_;
  std::optional<KnownTable> known_;
};

}  // namespace agents
