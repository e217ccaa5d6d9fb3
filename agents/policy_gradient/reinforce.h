// REINFORCE (Williams 1992, episodic form): theta += lr * sum_t grad log pi(a_t | s_t) (G_t - b_t).
#pragma once

#include <string>

#include "agents/episode_batch.h"
#include "training/loop/table.h"
#include "training/nets/mlp.h"

namespace agents {

// -log pi(a|s) (G - b), summed over each episode's steps, mean over the N episodes; advantages G - b are 0
// where an episode is over. Both [T, N]. Its slope has -d expected return / d parameters as its mean, since
// the number of steps, which is random, divides nothing.
torch::Tensor reinforce_loss(const torch::Tensor& log_prob, const torch::Tensor& advantages);

class Reinforce : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    training::MlpOptions net{.hidden = {64}};
    double gamma = 0.99;
    int64_t episodes_per_update = 8;
    bool normalize = true;
    std::string baseline = "none";
    double entropy_coef = 0;

    void fields(core::Fields& f);
  };

  explicit Reinforce(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  training::PolicyOutput act(const torch::Tensor& observations, bool greedy, torch::Generator generator);
  torch::Tensor baseline(const torch::Tensor& returns, training::Step& step);

  Options options_;
  std::unique_ptr<EpisodeBatch> episodes_;
  training::Mlp policy_{nullptr}, value_{nullptr};
  torch::Generator actions_;
  torch::Device device_ = torch::kCPU;
  uint64_t rollout_seed_ = 0;
};

}  // namespace agents
