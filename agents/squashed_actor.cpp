#include "agents/squashed_actor.h"

#include <algorithm>
#include <cmath>

#include "training/distributions.h"

namespace agents {

// Logs of deviations: beyond these a policy is as good as certain, or as good as uniform.
static constexpr float least_log_std = -20, most_log_std = 2;

// log(1 - tanh(x)^2) = 2 (log 2 - x - log(1 + e^-2x)), in which nothing cancels.
static float log_slope_of_tanh(float x) {
  constexpr float log_2 = 0.693147181f;
  const float softplus = std::max(-2 * x, 0.0f) + std::log1p(std::exp(-2 * std::abs(x)));
  return 2 * (log_2 - x - softplus);
}

float squash(const float* outputs, const float* noise, int64_t A, float* action) {
  constexpr float log_root_2pi = 0.918938533f;
  float log_prob = 0;
  for (int64_t a = 0; a < A; ++a) {
    const float log_std = std::clamp(outputs[A + a], least_log_std, most_log_std);
    const float inside = outputs[a] + std::exp(log_std) * noise[a];
    action[a] = std::tanh(inside);
    log_prob -= 0.5f * noise[a] * noise[a] + log_std + log_root_2pi + log_slope_of_tanh(inside);
  }
  return log_prob;
}

// Along what is inside of tanh the action rises by 1 - tanh^2, the log-probability by 2 tanh.
void squash_backward(const float* outputs, const float* noise, int64_t A, const float* action,
                     const float* d_action, float d_log_prob, float* d_outputs) {
  for (int64_t a = 0; a < A; ++a) {
    const float log_std = std::clamp(outputs[A + a], least_log_std, most_log_std);
    const float d_inside = d_action[a] * (1 - action[a] * action[a]) + 2 * d_log_prob * action[a];
    d_outputs[a] = d_inside;
    d_outputs[A + a] = log_std == outputs[A + a] ? d_inside * std::exp(log_std) * noise[a] - d_log_prob : 0;
  }
}

static torch::Tensor tensor_of(const std::vector<float>& values) { return torch::tensor(values); }

SquashedActor::SquashedActor(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net)
    : box_(agent, spec),
      net_("policy", spec.observation, {{(net.sde ? 1 : 2) * box_.size(), net.mlp.out_gain}}, net),
      low_(tensor_of(box_.low())),
      high_(tensor_of(box_.high())) {}

training::PolicyOutput SquashedActor::act(const training::PolicyInput& input, bool greedy,
                                          torch::Generator generator) {
  const torch::Tensor outputs = net_.answer({input.observations});  // [N, 2A]
  const int64_t A = box_.size();
  const torch::Tensor mean = outputs.narrow(1, 0, A).clone(),
                      log_std = outputs.narrow(1, A, A).clamp(least_log_std, most_log_std);
  const training::SquashedNormal pi({mean, log_std}, low_, high_);
  const torch::Tensor actions = greedy ? pi.mode() : pi.sample(generator);
  return {.actions = torch::min(torch::max(actions, low_), high_).contiguous(), .hidden = net_.hidden()};
}

}  // namespace agents
