#include "agents/policy_gradient/nets.h"

namespace agents {

ActorCriticNets::ActorCriticNets(const std::string& agent, const envs::Spec& spec,
                                 const PolicyNetOptions& options, training::Build& b) {
  training::check_no_dropout(options.mlp);
  actor_ = Actor(agent, spec, options, options.shared);
  b.module("policy", *actor_);
  if (options.shared) return;
  PolicyNetOptions plain = options;
  plain.sde.reset();
  critic_.emplace("value", spec.observation, std::vector<Head>{{1, 1}}, plain);
  b.module("value", *critic_->module());
}

std::vector<torch::nn::Module*> ActorCriticNets::modules() const {
  if (!critic_) return {actor_.get()};
  return {actor_.get(), critic()};
}

int64_t ActorCriticNets::memory_size() const {
  return actor_->net().memory_size() + (critic_ ? critic_->memory_size() : 0);
}

// The critic's part of the memory stands behind the policy's.
NetInput ActorCriticNets::for_critic(const NetInput& input) const {
  NetInput own = input;
  if (own.memory.defined() && critic_)
    own.memory = input.memory.narrow(1, actor_->net().memory_size(), critic_->memory_size());
  return own;
}

static NetInput for_actor(const NetInput& input, int64_t memory_size) {
  NetInput own = input;
  if (own.memory.defined()) own.memory = input.memory.narrow(1, 0, memory_size);
  return own;
}

ActorCriticNets::Outputs ActorCriticNets::forward(const NetInput& input, const torch::Tensor& mask) {
  const torch::Tensor policy = actor_->forward(for_actor(input, actor_->net().memory_size()), mask);
  if (!critic_) return {policy, policy.select(1, actor_->width() - 1).contiguous()};
  return {policy, critic_->forward(for_critic(input)).squeeze(1)};
}

torch::Tensor ActorCriticNets::values(const NetInput& input) {
  if (critic_) return critic_->forward(for_critic(input)).squeeze(1).clone();
  return actor_->forward(input).select(1, actor_->width() - 1).clone();
}

torch::Tensor ActorCriticNets::memory() const {
  if (!critic_) return actor_->net().memory();
  return torch::cat({actor_->net().memory(), critic_->memory()}, 1);
}

void ActorCriticNets::backward(const torch::Tensor& d_outputs, const torch::Tensor& d_values) {
  if (!critic_) d_outputs.select(1, actor_->width() - 1).copy_(d_values);
  actor_->backward(d_outputs);
  if (critic_) backward_values(d_values);
}

training::PolicyOutput ActorCriticNets::act(const training::PolicyInput& input, bool greedy,
                                            torch::Generator generator) {
  const NetInput seen{input.observations, input.memory};
  const NetInput own = for_actor(seen, actor_->net().memory_size());
  training::PolicyOutput acted =
      actor_->act({own.observations, input.mask, own.memory, input.thoughts}, greedy, std::move(generator));
  if (!critic_ || (!input.thoughts && !acted.memory.defined())) return acted;
  acted.value = critic_->answer(for_critic(seen)).squeeze(1).clone();
  if (acted.memory.defined()) acted.memory = torch::cat({acted.memory, critic_->memory()}, 1);
  return acted;
}

}  // namespace agents
