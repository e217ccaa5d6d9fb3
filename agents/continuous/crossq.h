// CrossQ (Bhatt, Palenicek et al. 2024, arXiv 1902.05605, algorithm 1): SAC without target networks. Batch
// normalisation in wide critics, by the statistics of both sides of Bellman's equation, keeps them steady.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agents/continuous/crossed_critics.h"
#include "agents/continuous/experience.h"
#include "agents/continuous/soft_actor.h"
#include "training/loop/table.h"

namespace agents {

class CrossQ : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {256, 256}}};
    ReplayOptions replay;
    EntropyOptions entropy;
    std::vector<int64_t> critic_hidden{2048, 2048};
    int64_t policy_delay = 3;
    training::BatchRenormOptions norm;

    void fields(core::Fields& f);
  };

  explicit CrossQ(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void learn(training::Step& step);
  torch::Tensor targets(const torch::Tensor& next_values) const;
  int64_t update_critics(training::Step& step);
  void update_actor(training::Step& step);

  Options options_;
  std::unique_ptr<Experience> experience_;
  std::optional<SoftActor> actor_;
  std::optional<CrossedCritics> critics_;
  std::vector<float> worth_;  // [B], of the next actions' entropy, kept
};

}  // namespace agents
