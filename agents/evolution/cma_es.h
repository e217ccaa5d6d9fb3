// CMA-ES over the parameters of a policy (Hansen 2016; the search itself is agents/evolution/cma.h, its
// restarts agents/evolution/ipop.h).
#pragma once

#include <memory>

#include "agents/evolution/ipop.h"
#include "agents/evolution/searched_policy.h"
#include "training/loop/table.h"

namespace agents {

class CmaEs : public training::Learner {
 public:
  struct Options {
    SearchOptions search;
    bool lazy = false;
    int64_t restarts = 0;

    void fields(core::Fields& f);
  };

  explicit CmaEs(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override { policy_->evaluate(eval); }

 private:
  Ipop around_policy() const;

  Options options_;
  std::unique_ptr<SearchedPolicy> policy_;  // it stands at the search's mean
  Ipop search_;
  uint64_t noise_seed_ = 0;
};

}  // namespace agents
