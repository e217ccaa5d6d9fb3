#include "supervised/own_scalars.h"

#include <algorithm>

#include "core/error.h"
#include "supervised/scratch/scalar_mlp.h"
#include "training/profile.h"

namespace supervised {
namespace {

using scratch::ScalarFactors;
using scratch::ScalarLayer;
using scratch::Var;

std::vector<double> doubles(const torch::Tensor& values) {
  const torch::Tensor flat = values.detach().to(torch::kFloat64).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

// What a parameter's numbers have gathered, added to its gradient.
void add_gradient(torch::Tensor parameter, const std::vector<Var>& numbers) {
  if (!parameter.requires_grad()) return;
  std::vector<double> slopes;
  for (const Var& number : numbers) slopes.push_back(number.grad());
  const torch::Tensor gradient =
      torch::tensor(slopes, torch::kFloat64).view(parameter.sizes()).to(parameter.scalar_type());
  if (!parameter.grad().defined()) parameter.mutable_grad() = torch::zeros_like(parameter);
  parameter.mutable_grad().add_(gradient);
}

class ScalarNet : public OwnNet {
 public:
  ScalarNet(torch::nn::Module& module, const scratch::Mlp& net, torch::Dtype dtype)
      : module_(module), net_(net), dtype_(dtype) {}

  training::ClassifierOutput answer(const torch::Tensor& inputs) override {
    const auto layers = this->layers();
    std::vector<double> outputs, features;
    for (const auto& row : rows(inputs)) {
      const scratch::ScalarAnswer answer = forward(layers, row, net_.activation);
      for (const Var& y : answer.outputs) outputs.push_back(y.value());
      for (const Var& h : answer.features) features.push_back(h.value());
    }
    return {table(outputs, inputs.size(0)), table(features, inputs.size(0))};
  }

  // One graph of all rows, so that backward() is called once.
  Learned learn(const torch::Tensor& inputs, const torch::Tensor& targets, double smoothing) override {
    const auto layers = this->layers();
    const std::vector<double> wanted = doubles(targets);
    const size_t B = size_t(inputs.size(0)), K = layers.back().bias.size();
    std::vector<double> outputs;
    Var total = 0;
    size_t b = 0;
    const std::vector<ScalarFactors> factors = drawn_factors(layers, B);
    for (const auto& row : rows(inputs)) {
      const std::vector<Var> found = forward(layers, row, net_.activation, factors[b]).outputs;
      for (const Var& y : found) outputs.push_back(y.value());
      const double* own = wanted.data() + (targets.is_floating_point() ? b * K : b);
      total = total + (targets.is_floating_point() ? squared_error(found, {own, own + K})
                                                   : cross_entropy(found, size_t(*own), smoothing));
      ++b;
    }
    const Var loss = total / double(targets.is_floating_point() ? B * K : B);
    const training::Timed timed(training::Part::backward);
    loss.backward();
    add_gradients(layers);
    return {loss.value(), table(outputs, inputs.size(0))};
  }

 private:
  torch::Tensor table(const std::vector<double>& values, int64_t B) const {
    return torch::tensor(values, torch::kFloat64).view({B, -1}).to(dtype_);
  }

  static std::vector<std::vector<Var>> rows(const torch::Tensor& inputs) {
    std::vector<std::vector<Var>> all;
    for (const torch::Tensor& row : inputs.flatten(1).unbind()) {
      const std::vector<double> values = doubles(row);
      all.emplace_back(values.begin(), values.end());
    }
    return all;
  }

  // Fresh leaves of the parameters, in the order of the layers: weight, bias, weight, ...
  std::vector<ScalarLayer> layers() const {
    std::vector<ScalarLayer> all;
    const auto parameters = module_.parameters();
    for (size_t i = 0; i + 1 < parameters.size(); i += 2) {
      ScalarLayer& layer = all.emplace_back();
      layer.weight = rows(parameters[i]);
      const std::vector<double> bias = doubles(parameters[i + 1]);
      layer.bias.assign(bias.begin(), bias.end());
    }
    return all;
  }

  // For each row, as LibTorch's dropout draws them: layer after layer, of all rows.
  std::vector<ScalarFactors> drawn_factors(const std::vector<ScalarLayer>& layers, size_t B) const {
    std::vector<ScalarFactors> all(B);
    if (net_.dropout == 0 || !module_.is_training()) return all;
    for (size_t l = 0; l + 1 < layers.size(); ++l) {
      const torch::Tensor kept = torch::empty({int64_t(B), std::ssize(layers[l].bias)}, dtype_);
      const std::vector<double> drawn = doubles(kept.bernoulli_(1 - net_.dropout) / (1 - net_.dropout));
      const size_t units = layers[l].bias.size();
      for (size_t b = 0; b < B; ++b)
        all[b].emplace_back(drawn.data() + b * units, drawn.data() + (b + 1) * units);
    }
    return all;
  }

  void add_gradients(const std::vector<ScalarLayer>& layers) const {
    const auto parameters = module_.parameters();
    for (size_t l = 0; l < layers.size(); ++l) {
      std::vector<Var> weight;
      for (const auto& row : layers[l].weight) weight.insert(weight.end(), row.begin(), row.end());
      add_gradient(parameters[2 * l], weight);
      add_gradient(parameters[2 * l + 1], layers[l].bias);
    }
  }

  torch::nn::Module& module_;
  scratch::Mlp net_;
  torch::Dtype dtype_;
};

}  // namespace

std::shared_ptr<OwnNet> own_scalars(const BackendOptions& options, torch::nn::Module& module,
                                    const scratch::Mlp& net) {
  scratch::check_activation(net.activation);
  core::check(net.norm == "none", "net.norm: backend scalars has none, expected none, found '{}'", net.norm);
  return std::make_shared<ScalarNet>(module, net, options.dtype());
}

}  // namespace supervised
