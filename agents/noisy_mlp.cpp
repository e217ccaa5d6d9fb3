#include "agents/noisy_mlp.h"

#include <cmath>

namespace agents {

static void begin_sigmas(training::NativeMlpImpl& sigma) {
  constexpr double sigma_0 = 0.5;
  const torch::NoGradGuard no_grad;
  const auto parameters = sigma.parameters();  // weight [out, in], bias, weight, ...
  for (size_t i = 0; i < parameters.size(); ++i)
    parameters[i].fill_(sigma_0 / std::sqrt(double(parameters[i - i % 2].size(1))));
}

NoisyMlpImpl::NoisyMlpImpl(const std::string& name, int64_t inputs, int64_t outputs,
                           const training::MlpOptions& options) {
  mean_ = register_module("mean", training::NativeMlp(name, inputs, outputs, options));
  sigma_ = register_module("sigma", training::NativeMlp(name, inputs, outputs, options));
  drawn_ = training::NativeMlp(name, inputs, outputs, options);
  begin_sigmas(*sigma_);
  for (const torch::Tensor& parameter : sigma_->parameters()) noise_.push_back(torch::zeros_like(parameter));
  compose();
}

static torch::Tensor factor(int64_t n, torch::Generator& generator) {
  const torch::Tensor e = torch::randn({n}, generator);
  return e.sign() * e.abs().sqrt();
}

void NoisyMlpImpl::draw(torch::Generator generator) {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < noise_.size(); i += 2) {
    const torch::Tensor in = factor(noise_[i].size(1), generator), out = factor(noise_[i].size(0), generator);
    noise_[i].copy_(torch::outer(out, in));
    noise_[i + 1].copy_(out);
  }
  compose();
}

void NoisyMlpImpl::compose() {
  const torch::NoGradGuard no_grad;
  const auto means = mean_->parameters(), sigmas = sigma_->parameters(), weights = drawn_->parameters();
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i].copy_(torch::addcmul(means[i], sigmas[i], noise_[i]));
}

// Adds to what is there.
static void add_gradient(torch::Tensor parameter, const torch::Tensor& gradient) {
  if (!parameter.requires_grad()) return;  // it is frozen
  torch::Tensor& grad = parameter.mutable_grad();
  grad = grad.defined() ? grad + gradient : gradient.clone();
}

void NoisyMlpImpl::backward(const torch::Tensor& d_outputs) {
  const torch::NoGradGuard no_grad;
  drawn_->zero_grad();
  drawn_->backward(d_outputs);
  const auto means = mean_->parameters(), sigmas = sigma_->parameters(), weights = drawn_->parameters();
  for (size_t i = 0; i < weights.size(); ++i) {
    add_gradient(means[i], weights[i].grad());
    add_gradient(sigmas[i], weights[i].grad() * noise_[i]);
  }
}

void NoisyMlpImpl::soft_update(const NoisyMlpImpl& other, double tau) {
  mean_->soft_update(*other.mean_, tau);
  sigma_->soft_update(*other.sigma_, tau);
  compose();
}

}  // namespace agents
