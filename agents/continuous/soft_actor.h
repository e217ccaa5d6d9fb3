// What SAC, TQC and CrossQ share: a squashed Gaussian policy of high return and entropy, and the temperature,
// what a nat of entropy is worth, which follows from how much is wanted (Haarnoja et al. 2018, arXiv
// 1812.05905).
#pragma once

#include "training/torch.h"

#include <cmath>
#include <optional>
#include <string>

#include "agents/continuous/pairs.h"
#include "agents/squashed_actor.h"
#include "training/loop/learner.h"

namespace agents {

struct EntropyOptions {
  double temperature = 1;
  bool tune_temperature = true;
  std::optional<double> target_entropy;

  void fields(core::Fields& own);  // of the agent's section
};

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

class SoftActor {
 public:
  // Registers "policy", "temperature", an update of each ("actor", "temperature") and how the agent acts.
  // Error for other action spaces than a bounded Box, which names `agent`.
  SoftActor(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
            const EntropyOptions& options, const ReplayOptions& replay, training::Build& build);

  // An action [A] for each of the N environments that are played, drawn, or moved by noise that lasts
  // (net.sde).
  void explore(const Experience& played, training::MlpInput seen, float* actions);
  // Rows of the critics: observations beside actions that are drawn there. Writes what their entropy is
  // worth, -alpha log pi(a | s), [B].
  void propose(const ObservationBatch& seen, Pairs& pairs, float* worth);
  training::Policy policy();

  // The same for learn().
  void propose(const ObservationBatch& seen, Pairs& pairs);
  // After that, and once the critics were asked and have taken the slope of -E[Q(s, a)] along the actions:
  // one update of the policy by J = E[alpha log pi(a | s) - Q(s, a)] (eq. 9), and one of the temperature.
  void learn(const Pairs& pairs, double value, training::Step& step);

 private:
  const float* play_noise(const Experience& played);
  void tune(double entropy, training::Step& step);

  SquashedActor net_;
  Temperature temperature_;
  bool tunes_;
  double target_entropy_;  // nats, of actions in units of half their range
  torch::Generator play_random_, noise_random_;
  std::optional<StateNoise> state_noise_;
  torch::Tensor play_noise_, noise_;  // [N, A], [B, A]
  torch::Tensor outputs_;             // [B, 2A] of the latest propose() for learn()
  torch::Tensor d_outputs_;           // [B, 2A]
  double log_prob_ = 0;               // summed over the batch, likewise
};

}  // namespace agents
