// A policy network whose outputs are a softmax over actions (several side by side for MultiDiscrete ones) or
// the mean of a Gaussian with a learned deviation, the same everywhere or, with `net.sde`, one that follows
// from the state; one more may be the value of what is seen.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "agents/policy_net.h"
#include "envs/envs.h"
#include "training/loop/learner.h"

namespace agents {

// One taken action: its choices (Discrete: one, MultiDiscrete: several) or A floats (Box).
struct ActionView {
  const int64_t* choices = nullptr;
  const float* values = nullptr;
};

struct Likelihood {
  float log_prob, entropy;  // nats
};

class ActorImpl : public torch::nn::Module {
 public:
  // Discrete, MultiDiscrete or Box action spaces, with net.sde Box alone; Error else. `agent` is named in the
  // message. Each row of outputs begins with logits or means; with net.sde the logs of deviations follow.
  // With a value, it is the last.
  ActorImpl(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
            bool with_value = false);

  // Rows of what is seen -> outputs [N, width()]; this network's memory until the next call.
  // Logits of actions that mask [N, K] rules out are `impossible`: probability, slope and part of the entropy
  // are 0.
  torch::Tensor forward(const NetInput& input, const torch::Tensor& mask = {});
  // Random numbers for `leading` actions (such as {T, N}): uniform [leading...] ([leading..., choices] for
  // several) or normal [leading..., A].
  torch::Tensor noise(std::vector<int64_t> leading, torch::Generator generator) const;
  // Turns N rows of outputs and of noise into actions ([N] or [N, choices] int64 or [N, A] float32) and their
  // log-probabilities [N].
  void sample(const torch::Tensor& outputs, const float* noise, const torch::Tensor& actions,
              float* log_probs) const;

  // log pi(a | s) and the entropy of the policy, from one row of outputs.
  Likelihood likelihood(const float* outputs, ActionView action) const;
  // Their slopes along the outputs, times what the loss gives for each: writes the first K of a row of
  // d_outputs, or 2 K with net.sde; else the deviation's own slopes are summed until backward.
  void likelihood_backward(const float* outputs, ActionView action, float d_log_prob, float d_entropy,
                           float* d_outputs);
  // Adds d loss / d parameters, after `slopes` for each row of the latest forward.
  void backward(const torch::Tensor& d_outputs);

  // The same as a training::Policy: most likely actions (greedy) or sampled ones, with their probabilities.
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  // Action i of actions, one for each row.
  ActionView action_at(const torch::Tensor& actions, int64_t i) const;

  bool discrete() const { return !choices_.empty(); }
  int64_t outputs() const { return outputs_; }  // K
  // How many there are, for each softmax; Box: none.
  const std::vector<int64_t>& choices() const { return choices_; }
  int64_t width() const { return net_.outputs(); }
  PolicyNet& net() { return net_; }

  torch::Tensor log_std;  // [A], Box without net.sde only: log of the deviation, the same everywhere

 private:
  template <class Visit>
  void each_choice(Visit&& visit) const;
  training::PolicyOutput choose(const torch::Tensor& outputs, const training::PolicyInput& input, bool greedy,
                                const torch::Generator& generator) const;
  training::PolicyOutput draw(const torch::Tensor& all, bool greedy, const torch::Generator& generator) const;

  // Of one row of outputs, Box: logs of deviations [A].
  const float* log_deviations(const float* outputs) const {
    return log_std.defined() ? width_.data() : outputs + outputs_;
  }

  int64_t outputs_;
  bool has_value_;
  std::vector<int64_t> choices_;
  PolicyNet net_;
  std::vector<float> width_, d_width_;  // log_std as it was at the latest forward; what slopes() has summed
};
TORCH_MODULE(Actor);

}  // namespace agents
