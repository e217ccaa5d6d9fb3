// SAC (Haarnoja et al. 2018, arXiv 1812.05905): a policy that maximises the expected sum of r + alpha H(pi(.
// | s)), learned from replayed transitions by two critics; alpha follows from how much entropy is wanted.
#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "agents/continuous/experience.h"
#include "agents/continuous/twin_critics.h"
#include "agents/squashed_actor.h"
#include "training/loop/table.h"

namespace agents {

// alpha, what a nat of entropy is worth, as its logarithm.
class TemperatureImpl : public torch::nn::Module {
 public:
  explicit TemperatureImpl(double alpha);

  float alpha() const { return std::exp(log_.item<float>()); }
  // Adds the slope of log alpha * excess, and returns that.
  double backward(double excess);

 private:
  torch::Tensor log_;  // []
};
TORCH_MODULE(Temperature);

class Sac : public training::Learner {
 public:
  struct Options {
    envs::Options env;
    PolicyNetOptions net{.mlp = {.hidden = {256, 256}}};
    ReplayOptions replay;
    double tau = 0.005, temperature = 1;
    bool tune_temperature = true;
    std::optional<double> target_entropy;

    void fields(core::Fields& f);
  };

  explicit Sac(Options options) : options_(std::move(options)) {}
  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;

 private:
  void build_nets(training::Build& build);
  void choose_actions(training::MlpInput seen, float* actions);
  void learn(training::Step& step);
  void estimate_targets();
  void update_critics(training::Step& step);
  void update_actor(training::Step& step);
  void update_temperature(training::Step& step);

  Options options_;
  std::unique_ptr<Experience> experience_;
  std::optional<SquashedActor> actor_;
  std::optional<TwinCritics> critics_;
  Temperature temperature_{nullptr};
  double target_entropy_ = 0;  // nats, of actions in units of half their range
  torch::Generator play_random_, noise_random_;
  // Memory of one step, kept.
  torch::Tensor play_noise_, noise_;  // [N, A], [B, A]
  torch::Tensor d_first_, d_second_;  // [B]
  torch::Tensor d_outputs_;           // [B, 2A]
  std::vector<float> targets_;        // [B]
  double entropy_ = 0;                // of the policy where the latest batch stands, estimated
};

}  // namespace agents
