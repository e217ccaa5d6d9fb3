// Monte Carlo tree search as an agent, UCT (Kocsis & Szepesvari 2006): on a board it searches for both
// players, on any other environment with copies of it. It learns nothing: a step plans and plays.
#pragma once

#include <optional>

#include "agents/planning/board_search.h"
#include "agents/planning/copy_search.h"
#include "agents/single_env.h"
#include "training/loop/table.h"

namespace agents {

class MctsAgent final : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    CopySearchOptions search;
    int64_t num_steps = 1;

    void fields(core::Fields& f);
  };

  explicit MctsAgent(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  Plan plan_move();  // of the environment that it plays
  training::PolicyOutput act(envs::Envs* original, const training::PolicyInput& input, bool greedy,
                             torch::Generator generator);

  Options options_;
  std::optional<SingleEnv> env_;
  std::optional<BoardSearch> board_;  // one of the two
  std::optional<CopySearch> copies_;
  core::Pcg64 random_;
};

}  // namespace agents
