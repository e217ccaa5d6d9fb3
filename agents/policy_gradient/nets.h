// The nets of an actor-critic: a policy and its values, as two networks or as two heads of one, with or
// without memory.
#pragma once

#include <optional>
#include <string>

#include "agents/actor.h"

namespace agents {

class ActorCriticNets {
 public:
  // Registers "policy" and, where it is a network of its own, "value".
  ActorCriticNets(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& options,
                  training::Build& build);

  // Outputs of the policy [B, width()], and values [B]; memory as one row for both networks.
  struct Outputs {
    torch::Tensor policy, values;
  };
  Outputs forward(const NetInput& input, const torch::Tensor& mask);
  torch::Tensor policy(const torch::Tensor& observations, const torch::Tensor& mask) {
    return actor_->forward({observations}, mask);
  }
  torch::Tensor values(const NetInput& input);
  // What the latest forward left remembered, [S, memory_size()].
  torch::Tensor memory() const;
  // Adds d loss / d parameters; d_outputs [B, width()], d_values [B].
  void backward(const torch::Tensor& d_outputs, const torch::Tensor& d_values);
  // The same of the latest values() alone, where they come from a network of their own.
  void backward_values(const torch::Tensor& d_values) { critic_->backward(d_values.unsqueeze(1)); }
  training::PolicyOutput act(const training::PolicyInput& input, bool greedy, torch::Generator generator);

  Actor& actor() { return actor_; }
  std::vector<torch::nn::Module*> modules() const;
  torch::nn::Module* critic() const { return critic_->module().get(); }
  int64_t memory_size() const;
  bool are_native() const { return actor_->net().is_native(); }

 private:
  NetInput for_critic(const NetInput& input) const;

  mutable Actor actor_{nullptr};
  std::optional<PolicyNet> critic_;  // none: the policy's last output is the value
};

}  // namespace agents
