#include "agents/continuous/critics.h"

#include <numeric>

namespace agents {

void TargetOptions::fields(core::Fields& own) {
  own.add("tau", tau, "Share by which target networks move to the trained ones each time",
          {.min = 0, .max = 1, .above = true});
}

void check_nets(const std::string& agent, const PolicyNetOptions& net, const ReplayOptions& replay) {
  const auto rows = static_cast<double>(3 * replay.batch_size + replay.num_envs);
  training::require_outputs(net.mlp, rows, "a batch of transitions");
  training::check_no_dropout(net.mlp);
  check_plain(agent, net);
}

training::MetricSpec squared_error() {
  return {"squared_error", "reward^2",
          "Half the squared errors of the critics from their target, mean over the batch"};
}

Critics::Critics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net,
                 const Shape& shape, const training::MetricSpec& loss, training::Build& build)
    : pairs_(agent, spec, net, shape.rows) {
  const auto add = [&](const std::string& kind, std::vector<training::NativeMlp>& to) {
    for (int64_t k = 1; k <= shape.count; ++k) {
      const std::string name = kind + "_" + std::to_string(k);
      to.emplace_back(name, pairs_.width(), shape.width, net.mlp);
      build.module(name, *to.back());
    }
  };
  add("critic", critics_);
  add("target", targets_);
  follow(1);
  std::vector<torch::nn::Module*> learning;
  for (training::NativeMlp& critic : critics_) {
    learning.push_back(critic.get());
    d_values_.push_back(torch::zeros({shape.rows, shape.width}));
  }
  build.optimizer("critic", learning, {loss});
}

Critics::Critics(const std::string& agent, const envs::Spec& spec, const PolicyNetOptions& net, int64_t count,
                 int64_t B, training::Build& build)
    : Critics(agent, spec, net, {.count = count, .width = 1, .rows = B}, squared_error(), build) {}

float Critics::Values::smallest(int64_t b) const {
  float least = of[0][b];
  for (const float* values : of) least = values[b] < least ? values[b] : least;
  return least;
}

double Critics::Values::mean(int64_t n) const {
  return std::accumulate(of[0], of[0] + n, 0.0) / static_cast<double>(n);
}

const Critics::Values& Critics::evaluate(size_t count) {
  outputs_.clear();
  values_.of.clear();
  for (size_t k = 0; k < count; ++k) {
    outputs_.push_back(critics_[k]->forward(pairs_.rows()));
    values_.of.push_back(outputs_.back().data_ptr<float>());
  }
  return values_;
}

const Critics::Values& Critics::targets() {
  const training::MlpInput rows{pairs_.rows().data_ptr<float>(), nullptr};
  target_values_.of.clear();
  for (training::NativeMlp& target : targets_)
    target_values_.of.push_back(target->forward(rows, pairs_.size()));
  return target_values_;
}

void Critics::backward() {
  for (size_t k = 0; k < values_.of.size(); ++k) critics_[k]->backward(d_values_[k]);
}

void Critics::backward_to_actions() {
  const torch::Tensor slope = critics_[0]->input_gradient(d_values_[0]);
  for (size_t k = 1; k < values_.of.size(); ++k) slope.add_(critics_[k]->input_gradient(d_values_[k]));
  pairs_.set_slope(slope);
}

Critics::Fit Critics::regress(const std::vector<float>& targets) {
  const int64_t B = pairs_.size();
  const Values& q = values();
  double loss = 0;
  for (size_t k = 0; k < q.of.size(); ++k)
    for (int64_t b = 0; b < B; ++b) {
      const float error = q.of[k][b] - targets[static_cast<size_t>(b)];
      d_values(k)[b] = error / static_cast<float>(B);
      loss += static_cast<double>(0.5f * error * error);
    }
  const Fit fit{loss / static_cast<double>(B), q.mean(B)};
  backward();
  return fit;
}

int64_t Critics::learn(const Experience& batch, const std::vector<float>& targets, training::Step& step) {
  pairs_.see(batch);
  const Fit fit = regress(targets);
  const int64_t steps = step.apply_gradients("critic", {{"squared_error", fit.squared_error}}).steps;
  step.log("train/q", fit.value);
  return steps;
}

void Critics::follow(double tau) {
  for (size_t k = 0; k < critics_.size(); ++k) targets_[k]->soft_update(*critics_[k], tau);
}

void register_critics(training::Build& build) {
  build.metric({"train/q", "reward", "Mean value of the batch's actions, of the first critic"});
}

}  // namespace agents
