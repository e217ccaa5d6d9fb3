// Views into the flat array, the kernels' way and LibTorch's way through the same layers.
#include "training/nets/native_mlp.h"

#include <cmath>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/nets/row_by_row.h"
#include "training/nets/tangent.h"
#include "training/profile.h"
#include "training/trace.h"

namespace training {

// Views of [in, out] memory as torch's [out, in] weights, and of the biases: weight, bias, weight, bias, ...
static std::vector<torch::Tensor> views(const torch::Tensor& flat, const FlatMlp& net) {
  std::vector<torch::Tensor> all;
  for (const FlatMlp::Layer& layer : net.layers()) {
    all.push_back(flat.as_strided({layer.out, layer.in}, {1, layer.out}, layer.weight));
    all.push_back(flat.as_strided({layer.out}, {1}, layer.bias));
  }
  return all;
}

// The parameter keeps its values and lives in `memory` from now on.
static void adopt(torch::Tensor& parameter, const torch::Tensor& memory) {
  const torch::NoGradGuard no_grad;
  memory.copy_(parameter);
  parameter.set_data(memory);
}

NativeMlpImpl::NativeMlpImpl(const std::string& name, int64_t inputs, int64_t outputs,
                             const MlpOptions& options)
    : name_(name),
      activation_(options.activation),
      inputs_(inputs),
      outputs_(outputs),
      dropout_(options.dropout) {
  const auto known = kernels::activation(options.activation);
  net_.emplace(inputs, options.hidden, outputs, known.value_or(kernels::Activation::identity));
  double weights = 0;
  for (const FlatMlp::Layer& layer : net_->layers()) weights += double(layer.in) * double(layer.out);
  require_weights(name, weights, 2);  // and their gradient
  flat_ = torch::zeros({net_->size()});
  gradient_ = torch::zeros({net_->size()});
  gradients_ = views(gradient_, *net_);
  const double hidden_gain =
      options.gain.value_or(options.init == "default" ? 1 : gain_of(options.activation));
  const auto parameters = views(flat_, *net_);
  for (size_t i = 0; i < net_->layers().size(); ++i) {
    const bool last = i + 1 == net_->layers().size();
    const std::string layer = last ? "output" : "hidden_" + std::to_string(i + 1);
    torch::nn::Linear linear(net_->layers()[i].in, net_->layers()[i].out);
    initialise(linear->weight, linear->bias, options.init, last ? options.out_gain : hidden_gain);
    adopt(linear->weight, parameters[2 * i]);
    adopt(linear->bias, parameters[2 * i + 1]);
    layers_.push_back(register_module(layer, linear));
    traces_.push_back(name + "." + layer);
  }
}

void check_no_dropout(const MlpOptions& options) {
  core::check(options.dropout == 0, "net.dropout: this algorithm's networks have none, found {}",
              options.dropout);
}

bool NativeMlpImpl::native() const {
  const torch::Tensor& weight = layers_[0]->weight;
  return dropout_ == 0 && weight.is_cpu() && weight.scalar_type() == torch::kFloat32 &&
         kernels::activation(activation_);
}

torch::Tensor NativeMlpImpl::twin(const torch::Tensor& x) const {
  auto& first = layers_[0];
  torch::Tensor h = x.is_floating_point()
                        ? torch::linear(x, first->weight, first->bias)
                        : torch::embedding(first->weight.t(), x.to(torch::kInt64)) + first->bias;
  trace(traces_[0], h);
  for (size_t i = 1; i < layers_.size(); ++i) {
    h = activate(h, activation_);
    observe(traces_[i - 1], h);
    if (dropout_ > 0) h = torch::dropout(h, dropout_, is_training());
    h = torch::linear(h, layers_[i]->weight, layers_[i]->bias);
    trace(traces_[i], h);
  }
  return h;
}

static MlpInput input_of(const torch::Tensor& x) {
  if (x.is_floating_point()) return {x.data_ptr<float>(), nullptr};
  return {nullptr, x.data_ptr<int64_t>()};
}

torch::Tensor NativeMlpImpl::twin_by_rows(const torch::Tensor& x) const {
  const torch::Device device = layers_[0]->weight.device();
  return row_by_row(x.to(device), [this](const torch::Tensor& row) { return twin(row); }).cpu();
}

torch::Tensor NativeMlpImpl::forward(const torch::Tensor& x) {
  if (!native()) {
    if (!torch::GradMode::is_enabled()) return twin_by_rows(x);
    input_ = x;
    output_ = twin(x.to(layers_[0]->weight.device()));
    return output_.detach().cpu();
  }
  input_ = x.is_contiguous() ? x : x.contiguous();
  ++forwards_;
  const int64_t B = input_.size(0);
  const float* y = net_->forward(flat_.data_ptr<float>(), input_of(input_), B, work_);
  return torch::from_blob(const_cast<float*>(y), {B, outputs_});
}

torch::Tensor NativeMlpImpl::hidden() const {
  std::vector<torch::Tensor> layers;
  for (size_t i = 0; native() && i + 1 < work_.outputs.size(); ++i) {
    const std::vector<int64_t> shape{input_.size(0), net_->layers()[i].out};
    layers.push_back(torch::from_blob(const_cast<float*>(work_.outputs[i].data()), shape));
  }
  return layers.empty() ? torch::Tensor() : torch::cat(layers, 1);
}

const float* NativeMlpImpl::forward(MlpInput x, int64_t B) {
  if (native()) return net_->forward(flat_.data_ptr<float>(), x, B, work_);
  const torch::NoGradGuard no_grad;
  const torch::Tensor in = x.rows ? torch::from_blob(const_cast<float*>(x.rows), {B, inputs_})
                                  : torch::from_blob(const_cast<int64_t*>(x.indices), {B}, torch::kInt64);
  output_ = twin(in.to(layers_[0]->weight.device())).cpu().contiguous();
  return output_.data_ptr<float>();
}

void NativeMlpImpl::backward(const torch::Tensor& d_outputs) {
  const Timed timed(Part::backward);
  if (!native() && !output_.requires_grad()) return;  // it is frozen
  if (!native()) return output_.backward(d_outputs.to(output_.device()));
  const bool finite = std::isfinite(kernels::sum_of_squares(d_outputs.data_ptr<float>(), d_outputs.numel()));
  if (!finite || keeps_activations()) note_outputs();
  adopt_gradients();
  net_->backward(flat_.data_ptr<float>(), input_of(input_), input_.size(0), d_outputs.data_ptr<float>(),
                 gradient_.data_ptr<float>(), work_);
}

torch::Tensor NativeMlpImpl::input_gradient(const torch::Tensor& d_outputs) {
  if (!native()) {
    const torch::Tensor x = input_.to(layers_[0]->weight.device()).detach().requires_grad_();
    return torch::autograd::grad({twin(x)}, {x}, {d_outputs.to(x.device())})[0].cpu();
  }
  const torch::Tensor d_inputs = torch::empty_like(input_);
  net_->backward(flat_.data_ptr<float>(), input_of(input_), input_.size(0), d_outputs.data_ptr<float>(),
                 nullptr, work_, d_inputs.data_ptr<float>());
  return d_inputs;
}

torch::Tensor NativeMlpImpl::tangent(const torch::Tensor& x, const std::vector<torch::Tensor>& direction) {
  const torch::Tensor outputs = forward(x);
  if (!native()) return training::tangent(output_, parameters(), direction).cpu();
  const torch::Tensor flat = torch::empty_like(flat_);
  const std::vector<torch::Tensor> parts = views(flat, *net_);
  for (size_t i = 0; i < parts.size(); ++i) parts[i].copy_(direction[i]);
  const float* moved =
      net_->tangent(flat_.data_ptr<float>(), flat.data_ptr<float>(), input_of(input_), input_.size(0), work_);
  return torch::from_blob(const_cast<float*>(moved), outputs.sizes()).clone();
}

// Its inputs are x and then the parameters.
struct NativeMlpImpl::Operation : torch::autograd::Node {
  Operation(NativeMlpImpl& owner) : net(owner), forward(owner.forwards_) {}

  torch::autograd::variable_list apply(torch::autograd::variable_list&& d_outputs) override {
    core::check(net.forwards_ == forward, "{}: a native net was asked anew before it was differentiated",
                net.name_);
    const torch::NoGradGuard no_grad;
    const torch::Tensor d = d_outputs[0].contiguous(), gradient = torch::zeros_like(net.flat_);
    torch::Tensor d_inputs;
    if (task_should_compute_output(0)) d_inputs = torch::empty_like(net.input_);
    net.net_->backward(net.flat_.data_ptr<float>(), input_of(net.input_), net.input_.size(0),
                       d.data_ptr<float>(), gradient.data_ptr<float>(), net.work_,
                       d_inputs.defined() ? d_inputs.data_ptr<float>() : nullptr);
    torch::autograd::variable_list d_all{d_inputs};
    for (const torch::Tensor& view : views(gradient, *net.net_)) d_all.push_back(view);
    return d_all;
  }

  NativeMlpImpl& net;
  int64_t forward;
};

torch::Tensor NativeMlpImpl::differentiable(const torch::Tensor& x) {
  if (!native()) return twin(x);
  torch::Tensor y;
  {
    const torch::NoGradGuard no_grad;
    y = forward(x.detach()).clone();  // [B, O]
  }
  trace(traces_.back(), y);
  if (!torch::GradMode::is_enabled()) return y;
  const std::shared_ptr<Operation> operation(new Operation(*this), torch::autograd::deleteNode);
  operation->set_next_edges(torch::autograd::collect_next_edges(x, parameters()));
  torch::autograd::create_gradient_edge(y, operation);
  return y;
}

// The parameters' grads are views of the flat gradient; whoever has put others there finds them taken over.
// A frozen parameter has none.
void NativeMlpImpl::adopt_gradients() {
  for (size_t i = 0; i < gradients_.size(); ++i) {
    torch::Tensor& parameter = i % 2 == 0 ? layers_[i / 2]->weight : layers_[i / 2]->bias;
    if (!parameter.requires_grad()) continue;
    torch::Tensor& grad = parameter.mutable_grad();
    if (grad.defined() && grad.data_ptr() == gradients_[i].data_ptr()) continue;
    if (grad.defined())
      gradients_[i].copy_(grad);
    else
      gradients_[i].zero_();
    grad = gradients_[i];
  }
}

void NativeMlpImpl::note_outputs() {
  const torch::AutoGradMode record(true);
  trace(name_ + ".input", input_);
  for (size_t i = 0; i < layers_.size(); ++i)
    trace(traces_[i],
          torch::from_blob(work_.outputs[i].data(), {input_.size(0), net_->layers()[i].out}).clone());
}

void NativeMlpImpl::soft_update(const NativeMlpImpl& other, double tau) {
  const torch::NoGradGuard no_grad;
  const auto own = parameters(), theirs = other.parameters();
  if (own[0].is_cpu()) {
    flat_.lerp_(other.flat_, tau);
    return;
  }
  for (size_t i = 0; i < own.size(); ++i) own[i].lerp_(theirs[i], tau);
}

}  // namespace training
