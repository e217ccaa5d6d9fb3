// A policy network whose outputs are the mean and the log of the deviation of a Gaussian, which tanh squashes
// into the bounds of a Box (Haarnoja et al. 2018, appendix C). Actions are in units of half their range, and
// so is their density; training::SquashedNormal says the same in the Box's own units. With `net.sde` the
// deviation is no output of the last layer, but follows from what that is given.
#pragma once

#include "training/torch.h"

#include <string>

#include "agents/action_box.h"
#include "agents/policy_net.h"
#include "training/loop/learner.h"

namespace agents {

// One row: from outputs [2A], means and then logs of deviations, and standard normal noise [A] an action [A]
// within -1 .. 1. Returns its log-probability, in nats.
float squash(const float* outputs, const float* noise, int64_t A, float* action);
// The slopes of that along the outputs, noise held fast: writes d_outputs [2A], given what the loss gives for
// the action [A] and for its log-probability.
void squash_backward(const float* outputs, const float* noise, int64_t A, const float* action,
                     const float* d_action, float d_log_prob, float* d_outputs);

class SquashedActor {
 public:
  // Error for other action spaces than a bounded Box, which names `agent`.
  SquashedActor(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net);

  // Rows of what is seen -> outputs [B, 2A], and back; as PolicyNet's.
  torch::Tensor forward(const NetInput& input) { return net_.forward(input); }
  const float* forward(training::MlpInput seen, int64_t B) { return net_.forward(seen, B); }
  void backward(const torch::Tensor& d_outputs) { net_.backward(d_outputs); }
  const PolicyNet& net() const { return net_; }

  // As a training::Policy, in the Box's units: what the mean becomes (greedy), or sampled.
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  const ActionBox& box() const { return box_; }
  int64_t outputs() const { return 2 * box_.size(); }
  std::shared_ptr<torch::nn::Module> module() const { return net_.module(); }

 private:
  ActionBox box_;
  PolicyNet net_;
  torch::Tensor low_, high_;  // [A]
};

}  // namespace agents
