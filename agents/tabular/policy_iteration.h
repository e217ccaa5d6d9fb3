// Policy iteration (Howard 1960; Sutton & Barto 2018, section 4.3): the values of a policy in full, then the
// policy that is greedy by them, until no action changes.
#pragma once

#include <optional>
#include <vector>

#include "agents/tabular/known_table.h"

namespace agents {

class PolicyIteration : public training::Learner {
 public:
  struct Options {
    KnownTableOptions known;

    void fields(core::Fields& f) { known.fields(f, "policy_iteration", "Policy iteration's own options"); }
  };

  explicit PolicyIteration(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { known_->evaluate(options_.known.env, eval); }

 private:
  Options options_;
  std::optional<KnownTable> known_;
  std::vector<int64_t> policy_;  // [S]
};

}  // namespace agents
