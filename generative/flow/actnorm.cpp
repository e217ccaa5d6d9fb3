#include "generative/flow/actnorm.h"

namespace generative {

using torch::Tensor;

namespace {

struct ActNormImpl : torch::nn::Module {
  explicit ActNormImpl(int64_t D, bool shifts) {
    log_scale = register_parameter("log_scale", torch::zeros({D}));
    if (!shifts) return;
    bias = register_parameter("bias", torch::zeros({D}));
    begun = register_buffer("begun", torch::zeros({}, torch::kInt64));
  }

  FlowOutput forward(const Tensor& x) const {
    const Tensor shifted = bias.defined() ? x + bias : x;
    return {shifted * log_scale.exp(), log_scale.sum().expand({x.size(0)})};
  }
  FlowOutput inverse(const Tensor& y) const {
    const Tensor x = y * (-log_scale).exp();
    return {bias.defined() ? x - bias : x, -log_scale.sum().expand({y.size(0)})};
  }
  void begin(const Tensor& x) {
    const torch::NoGradGuard no_grad;
    if (begun.item<int64_t>() != 0) return;
    bias.copy_(-x.mean(0));
    log_scale.copy_(-x.std(0, false).clamp_min(1e-6).log());
    begun.fill_(1);
  }

  Tensor log_scale, bias, begun;
};

FlowMap map_of(const std::string& name, const std::shared_ptr<ActNormImpl>& norm) {
  return {[norm](const Tensor& x) { return norm->forward(x); },
          [norm](const Tensor& y) { return norm->inverse(y); },
          {{name, norm}}};
}

}  // namespace

FlowMap actnorm(const std::string& name, int64_t D) {
  const auto norm = std::make_shared<ActNormImpl>(D, true);
  FlowMap map = map_of(name, norm);
  map.begin = [norm](const Tensor& x) { norm->begin(x); };
  return map;
}

FlowMap scaling(const std::string& name, int64_t D) {
  return map_of(name, std::make_shared<ActNormImpl>(D, false));
}

}  // namespace generative
