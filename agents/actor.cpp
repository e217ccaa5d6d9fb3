// Rows of a softmax (Discrete) or of a Gaussian (Box): sampling, likelihood, and slopes along the network's
// outputs.
#include "agents/actor.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "agents/action_mask.h"
#include "core/error.h"
#include "training/distributions.h"

namespace agents {

static constexpr float log_sqrt_2pi = 0.918938533f;

static bool is_box(const envs::Space& action) { return action.kind == envs::Space::Kind::box; }

static int64_t outputs_for(const std::string& agent, const envs::Spec& spec) {
  core::check(spec.action.kind != envs::Space::Kind::dict,
              "env: {} needs a Discrete, MultiDiscrete or Box action space; {} has {}", agent, spec.id,
              spec.action.str());
  return is_box(spec.action) ? spec.action.size() : spec.action.net_width();
}

static std::vector<Head> heads_of(int64_t outputs, double gain, bool with_value) {
  std::vector<Head> heads{{outputs, gain}};
  if (with_value) heads.push_back({1, 1});
  return heads;
}

static void check_sde(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net) {
  core::check(!net.sde || is_box(spec.action),
              "{}.sde: noise by the state needs a Box action space; {} has {}", agent, spec.id,
              spec.action.str());
}

ActorImpl::ActorImpl(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
                     bool with_value)
    : outputs_(outputs_for(agent, spec)),
      has_value_(with_value),
      choices_(spec.action.n),
      net_("policy", spec.observation, heads_of(outputs_, net.mlp.out_gain, with_value), net) {
  check_sde(agent, spec, net);
  register_module("net", net_.module());
  if (is_box(spec.action) && !net.sde) log_std = register_parameter("log_std", torch::zeros({outputs_}));
  width_.assign(static_cast<size_t>(log_std.defined() ? outputs_ : 0), 0.0f);
  d_width_ = width_;
}

torch::Tensor ActorImpl::forward(const NetInput& input, const torch::Tensor& mask) {
  if (log_std.defined()) {
    const torch::Tensor now = log_std.detach().cpu();
    std::copy_n(now.data_ptr<float>(), width_.size(), width_.begin());
  }
  const torch::Tensor outputs = net_.forward(input);
  apply_mask(mask, outputs);
  return outputs;
}

ActionView ActorImpl::action_at(const torch::Tensor& actions, int64_t i) const {
  if (discrete()) return {.choices = actions.data_ptr<int64_t>() + i * std::ssize(choices_)};
  return {.values = actions.data_ptr<float>() + i * outputs_};
}

torch::Tensor ActorImpl::noise(std::vector<int64_t> leading, torch::Generator generator) const {
  if (choices_.size() > 1) leading.push_back(std::ssize(choices_));
  if (discrete()) return torch::rand(leading, generator);
  leading.push_back(outputs());
  return torch::randn(leading, generator);
}

// visit(k, first, n): the k-th softmax, of n outputs from `first` on.
template <class Visit>
void ActorImpl::each_choice(Visit&& visit) const {
  int64_t first = 0;
  for (int64_t k = 0; k < std::ssize(choices_); ++k) {
    visit(k, first, choices_[static_cast<size_t>(k)]);
    first += choices_[static_cast<size_t>(k)];
  }
}

// log of the sum of exp(logits), and their largest.
static float log_normaliser(const float* logits, int64_t A) {
  const float top = *std::max_element(logits, logits + A);
  float sum = 0;
  for (int64_t a = 0; a < A; ++a) sum += std::exp(logits[a] - top);
  return top + std::log(sum);
}

// The class at which the cumulative probability passes `uniform`.
static int64_t pick(const float* logits, int64_t A, float uniform) {
  const float log_sum = log_normaliser(logits, A);
  float passed = 0;
  for (int64_t a = 0; a + 1 < A; ++a) {
    passed += std::exp(logits[a] - log_sum);
    if (uniform < passed) return a;
  }
  int64_t last = A - 1;  // rounding leads here
  while (last > 0 && logits[last] == impossible) --last;
  return last;
}

void ActorImpl::sample(const torch::Tensor& outputs, const float* noise, const torch::Tensor& actions,
                       float* log_probs) const {
  const int64_t N = outputs.size(0), K = outputs_;
  const float* rows = outputs.data_ptr<float>();
  for (int64_t i = 0; i < N; ++i) {
    const float* row = rows + i * width();
    if (discrete())
      each_choice([&](int64_t k, int64_t first, int64_t n) {
        const int64_t at = i * std::ssize(choices_) + k;
        actions.data_ptr<int64_t>()[at] = pick(row + first, n, noise[at]);
      });
    else
      for (int64_t a = 0; a < K; ++a)
        actions.data_ptr<float>()[i * K + a] = row[a] + std::exp(log_deviations(row)[a]) * noise[i * K + a];
    log_probs[i] = likelihood(row, action_at(actions, i)).log_prob;
  }
}

static Likelihood categorical(const float* logits, int64_t A, int64_t action) {
  const float log_sum = log_normaliser(logits, A);
  float entropy = 0;
  for (int64_t a = 0; a < A; ++a) entropy -= std::exp(logits[a] - log_sum) * (logits[a] - log_sum);
  return {logits[action] - log_sum, entropy};
}

static Likelihood gaussian(const float* mean, const float* log_std, int64_t A, const float* action) {
  Likelihood sum{0, 0};
  for (int64_t a = 0; a < A; ++a) {
    const float z = (action[a] - mean[a]) * std::exp(-log_std[a]);
    sum.log_prob -= 0.5f * z * z + log_std[a] + log_sqrt_2pi;
    sum.entropy += log_std[a] + 0.5f + log_sqrt_2pi;
  }
  return sum;
}

Likelihood ActorImpl::likelihood(const float* outputs, ActionView action) const {
  if (!discrete()) return gaussian(outputs, log_deviations(outputs), outputs_, action.values);
  Likelihood sum{0, 0};
  each_choice([&](int64_t k, int64_t first, int64_t n) {
    const Likelihood one = categorical(outputs + first, n, action.choices[k]);
    sum.log_prob += one.log_prob;
    sum.entropy += one.entropy;
  });
  return sum;
}

// d log p_a / d z = [a] - p;  d H / d z = -p (log p + H).
static void categorical_slopes(const float* logits, int64_t A, int64_t action, float d_log_prob,
                               float d_entropy, float* d) {
  const float log_sum = log_normaliser(logits, A);
  const float entropy = d_entropy == 0 ? 0 : categorical(logits, A, action).entropy;
  for (int64_t a = 0; a < A; ++a) {
    const float log_p = logits[a] - log_sum, p = std::exp(log_p);
    d[a] = d_log_prob * ((a == action) - p) - d_entropy * p * (log_p + entropy);
  }
}

void ActorImpl::likelihood_backward(const float* outputs, ActionView action, float d_log_prob,
                                    float d_entropy, float* d_outputs) {
  if (discrete())
    return each_choice([&](int64_t k, int64_t first, int64_t n) {
      categorical_slopes(outputs + first, n, action.choices[k], d_log_prob, d_entropy, d_outputs + first);
    });
  for (int64_t a = 0; a < outputs_; ++a) {
    const float inverse = std::exp(-log_deviations(outputs)[a]),
                z = (action.values[a] - outputs[a]) * inverse, d_width = d_log_prob * (z * z - 1) + d_entropy;
    d_outputs[a] = d_log_prob * z * inverse;
    if (log_std.defined())
      d_width_[static_cast<size_t>(a)] += d_width;
    else
      d_outputs[outputs_ + a] = d_width;
  }
}

void ActorImpl::backward(const torch::Tensor& d_outputs) {
  net_.backward(d_outputs);
  if (log_std.defined() && log_std.requires_grad()) {  // else it is frozen
    torch::Tensor& gradient = log_std.mutable_grad();
    if (!gradient.defined()) gradient = torch::zeros_like(log_std);
    gradient.add_(torch::from_blob(d_width_.data(), {outputs()}).to(gradient.device()));
  }
  std::fill(d_width_.begin(), d_width_.end(), 0.0f);
}

// One action of each softmax, and how probable all of them are where that is asked for.
training::PolicyOutput ActorImpl::choose(const torch::Tensor& outputs, const training::PolicyInput& input,
                                         bool greedy, const torch::Generator& generator) const {
  apply_mask(input.mask, outputs);
  std::vector<torch::Tensor> actions, probabilities;
  each_choice([&](int64_t, int64_t first, int64_t n) {
    const torch::Tensor logits = outputs.narrow(1, first, n);
    actions.push_back(greedy ? logits.argmax(-1) : training::Categorical(logits).sample(generator));
    if (input.thoughts) probabilities.push_back(training::Categorical(logits).probs());
  });
  return {.actions = actions.size() == 1 ? actions[0] : torch::stack(actions, 1),
          .probabilities = input.thoughts ? torch::cat(probabilities, 1) : torch::Tensor()};
}

// All: what the net put out, [N, width()].
training::PolicyOutput ActorImpl::draw(const torch::Tensor& all, bool greedy,
                                       const torch::Generator& generator) const {
  const training::Normal pi(all.narrow(1, 0, outputs_).clone(),
                            log_std.defined() ? log_std.detach().cpu() : all.narrow(1, outputs_, outputs_));
  return {.actions = greedy ? pi.mode() : pi.sample(generator)};
}

training::PolicyOutput ActorImpl::act(const training::PolicyInput& input, bool greedy,
                                      torch::Generator generator) {
  const torch::Tensor all = net_.answer({input.observations, input.memory});
  training::PolicyOutput acted =
      discrete() ? choose(all.narrow(1, 0, outputs_).contiguous(), input, greedy, generator)
                 : draw(all, greedy, generator);
  acted.memory = net_.memory();
  if (!input.thoughts) return acted;
  acted.hidden = net_.hidden();
  if (has_value_) acted.value = all.select(1, width() - 1).clone();
  return acted;
}

}  // namespace agents
