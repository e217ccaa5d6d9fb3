#include "agents/continuous/deterministic_actor.h"

#include <algorithm>
#include <cmath>

namespace agents {

DeterministicActor::DeterministicActor(const std::string& agent, const envs::Spec& spec,
                                       const PolicyNetOptions& net, training::Build& b)
    : box_(agent, spec),
      net_("policy", spec.observation, {{box_.size(), net.mlp.out_gain}}, net),
      target_("target_policy", spec.observation, {{box_.size(), net.mlp.out_gain}}, net) {
  b.module("policy", *net_.module());
  b.module("target_policy", *target_.module());
  follow(1);
  b.optimizer(
      "actor", {net_.module().get()},
      {{"value", "reward", "-value of what the policy does, of the first critic, mean over the batch"}});
  b.policy(policy());
}

void DeterministicActor::explore(ActionNoise& noise, const Experience& played, training::MlpInput seen,
                                 float* actions) {
  const int64_t N = played.num_envs(), A = box_.size();
  const float* inside = net_.forward(seen, N);  // [N, A]
  for (int64_t k = 0; k < N * A; ++k) actions[k] = std::tanh(inside[k]);
  noise.add(actions, [&](int64_t i) { return played.begins(i); });
}

void DeterministicActor::propose(const ObservationBatch& seen, Critics& critics) {
  const int64_t B = seen.tensor().size(0), A = box_.size();
  const float* inside = target_.forward(seen.input(), B);  // [B, A]
  Pairs& pairs = critics.pairs();
  pairs.see(seen.tensor());
  for (int64_t k = 0; k < B * A; ++k) pairs.action(k / A)[k % A] = std::tanh(inside[k]);
}

training::Policy DeterministicActor::policy() {
  return [this](const training::PolicyInput& input, bool, torch::Generator) { return act(input); };
}

training::PolicyOutput DeterministicActor::act(const training::PolicyInput& input) {
  const torch::Tensor actions = net_.answer({input.observations}).clone();  // [N, A]
  float* rows = actions.data_ptr<float>();
  std::transform(rows, rows + actions.numel(), rows, [](float x) { return std::tanh(x); });
  for (int64_t i = 0, A = box_.size(); i < actions.size(0); ++i) box_.to_box(rows + i * A, rows + i * A);
  return {.actions = actions, .hidden = net_.hidden()};
}

double DeterministicActor::climb(Critics& critics, const torch::Tensor& observations) {
  const int64_t B = observations.size(0), A = box_.size();
  const torch::Tensor inside = net_.forward(NetInput(observations)), d_inside = torch::empty({B, A});
  Pairs& pairs = critics.pairs();
  pairs.see(observations);
  for (int64_t k = 0; k < B * A; ++k) pairs.action(k / A)[k % A] = std::tanh(inside.data_ptr<float>()[k]);
  const double value = critics.value_of_first().mean(B);
  std::fill_n(critics.d_values(0), B, -1 / static_cast<float>(B));
  critics.backward_to_actions();
  for (int64_t k = 0; k < B * A; ++k) {
    const float action = pairs.action(k / A)[k % A];
    d_inside.data_ptr<float>()[k] = pairs.action_slope(k / A)[k % A] * (1 - action * action);
  }
  net_.backward(d_inside);
  return value;
}

void DeterministicActor::learn(Critics& critics, const torch::Tensor& observations, training::Step& step) {
  const double value = climb(critics, observations);
  step.apply_gradients("actor", {{"value", -value}});
}

}  // namespace agents
