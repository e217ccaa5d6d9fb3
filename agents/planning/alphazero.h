// AlphaZero (Silver et al. 2018): a net of policy and value learns from games of its own, to move as its
// search does and to foresee who wins: loss = (z - v)^2 - pi' log p.
#pragma once

#include <optional>

#include "agents/planning/self_play.h"
#include "core/random.h"
#include "envs/board_of.h"
#include "training/loop/table.h"
#include "training/nets/native_mlp.h"

namespace agents {

// The parts of the loss, means over the batch, and its slope d loss / d outputs [B, A + 1], the last of which
// is the value before its tanh.
struct AlphaZeroLoss {
  double policy = 0, value = 0;
  torch::Tensor d_outputs;
};
AlphaZeroLoss alphazero_loss(const torch::Tensor& outputs, const torch::Tensor& visits,
                             const torch::Tensor& outcomes, double value_weight);

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
