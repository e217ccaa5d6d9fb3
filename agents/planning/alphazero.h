// AlphaZero (Silver et al. 2018): a net of policy and value learns from games of its own, to move as its
// search does and to foresee who wins: loss = (z - v)^2 - pi' log p.
#pragma once

#include <optional>

#include "agents/planning/self_play.h"
#include "core/random.h"
#include "envs/all.h"
#include "training/loop/table.h"
#include "training/nets/native_mlp.h"

namespace agents {

class AlphaZero final : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    training::MlpOptions net{.hidden = {128, 128}};
    SelfPlayOptions search;
    int64_t eval_simulations = 200, games = 32, updates = 32, batch_size = 128, window = 20000;
    double value_weight = 1;

    void fields(core::Fields& f);
  };

  explicit AlphaZero(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  // What was drawn from the window.
  struct Drawn {
    torch::Tensor planes, visits, outcomes;  // [B, O], [B, A], [B]
  };

  Judge judge() const;
  void remember(const std::vector<Example>& positions);
  Drawn draw();
  void learn(const Drawn& drawn, training::Step& step);
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  Options options_;
  std::optional<envs::games::AnyGame> game_;
  int64_t actions_ = 0;  // A
  training::NativeMlp net_{nullptr};
  torch::Tensor planes_, visits_, outcomes_;  // the window: [W, O] uint8, [W, A], [W]
  core::Pcg64 draws_;
  uint64_t seed_ = 0;                // of the games
  int64_t played_ = 0, stored_ = 0;  // games and positions so far
};

}  // namespace agents
