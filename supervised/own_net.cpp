#include "supervised/own_net.h"

#include "core/error.h"
#include "supervised/own_scalars.h"
#include "supervised/scratch/losses.h"
#include "training/profile.h"

namespace supervised {

void BackendOptions::fields(core::Fields& f) {
  f.choice("backend", backend,
           "Whose autograd computes: LibTorch's, or our own, of arrays (scratch) or of single numbers "
           "(scalars)",
           known);
  f.choice("precision", precision, "Of weights and activations", {"float32", "float64"});
}

// Not Module::to, which makes integers real, too.
void take_precision(torch::nn::Module& module, const BackendOptions& options) {
  const auto convert = [&](torch::Tensor tensor) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.detach().to(options.dtype()));
  };
  for (const auto& parameter : module.named_parameters()) convert(parameter.value());
  for (const auto& buffer : module.named_buffers()) convert(buffer.value());
}

namespace {

template <class T>
constexpr torch::Dtype dtype_of = sizeof(T) == 8 ? torch::kFloat64 : torch::kFloat32;

template <class T>
scratch::Tensor<T> lent(const torch::Tensor& tensor, T* gradient = nullptr) {
  return scratch::Tensor<T>::borrowed(tensor.sizes().vec(), tensor.data_ptr<T>(), gradient);
}

// Where a parameter's gradient is added; null of one that is frozen.
template <class T>
T* gradient_of(torch::Tensor parameter) {
  if (!parameter.requires_grad()) return nullptr;
  torch::Tensor& gradient = parameter.mutable_grad();
  if (!gradient.defined()) gradient = torch::zeros_like(parameter);
  return gradient.data_ptr<T>();
}

std::vector<int64_t> integers_of(const torch::Tensor& integers) {
  const torch::Tensor flat = integers.contiguous();
  return {flat.data_ptr<int64_t>(), flat.data_ptr<int64_t>() + flat.numel()};
}

template <class T>
torch::Tensor copied(const scratch::Tensor<T>& values, std::vector<int64_t> shape) {
  return torch::from_blob(values.values(), shape, dtype_of<T>).clone();
}

// The net of arrays; each kind of net says how it takes the inputs.
template <class T, class Net>
class TensorNet : public OwnNet {
 public:
  TensorNet(Modules modules, const Net& net) : modules_(std::move(modules)), net_(net) {}

  training::ClassifierOutput answer(const torch::Tensor& inputs) override {
    const torch::Tensor x = floats(inputs);  // features may be these very numbers
    const auto answer = forward(net_, x, weights(false));
    return {copied(answer.outputs, shape_of(inputs, answer.outputs)),
            copied(answer.features, shape_of(inputs, answer.features))};
  }

  Learned learn(const torch::Tensor& inputs, const torch::Tensor& targets, double smoothing) override {
    const torch::Tensor x = floats(inputs), wanted = floats(targets);
    const auto outputs = forward(net_, x, weights(true)).outputs;
    const auto loss = wanted.is_floating_point()
                          ? scratch::squared_error(outputs, lent<T>(wanted))
                          : scratch::cross_entropy(outputs, integers_of(wanted), smoothing);
    const training::Timed timed(training::Part::backward);
    loss.backward();
    return {double(loss.item()), copied(outputs, shape_of(inputs, outputs))};
  }

 private:
  using Answer = scratch::Answer<T>;

  // Numbers in this precision; symbols and classes stay as they are.
  static torch::Tensor floats(const torch::Tensor& rows) {
    return (rows.is_floating_point() ? rows.to(dtype_of<T>) : rows).contiguous();
  }

  // [B, n] of rows; of symbols [B, T] there is one for each: [B, T, n].
  static std::vector<int64_t> shape_of(const torch::Tensor& inputs, const scratch::Tensor<T>& result) {
    if (inputs.is_floating_point()) return result.shape();
    return {inputs.size(0), inputs.size(1), result.size(1)};
  }

  // As LibTorch's dropout draws, by the same generator.
  static std::vector<uint8_t> draw(const scratch::Shape& shape, double share) {
    const torch::Tensor kept = torch::empty(shape, dtype_of<T>).bernoulli_(1 - share).to(torch::kUInt8);
    return {kept.data_ptr<uint8_t>(), kept.data_ptr<uint8_t>() + kept.numel()};
  }

  scratch::Mode mode() const { return {modules_[0].second->is_training(), draw}; }

  scratch::Weights<T> weights(bool with_gradient) const {
    scratch::Weights<T> all;
    for (const auto& [prefix, module] : modules_) {
      for (const auto& item : module->named_parameters())
        all.insert({prefix + item.key(),
                    lent<T>(item.value(), with_gradient ? gradient_of<T>(item.value()) : nullptr)});
      for (const auto& item : module->named_buffers())
        if (item.value().is_floating_point()) all.insert({prefix + item.key(), lent<T>(item.value())});
    }
    return all;
  }

  Answer forward(const scratch::Mlp& net, const torch::Tensor& x, const scratch::Weights<T>& weights) {
    return net.forward(lent<T>(x.flatten(1)), weights, mode());
  }
  Answer forward(const scratch::Cnn& net, const torch::Tensor& x, const scratch::Weights<T>& weights) {
    return net.forward(lent<T>(x), weights, mode());
  }
  Answer forward(const scratch::Rnn& net, const torch::Tensor& x, const scratch::Weights<T>& weights) {
    return net.forward(integers_of(x), x.size(1), weights, mode());
  }

  Modules modules_;
  Net net_;
};

template <class Net>
std::shared_ptr<OwnNet> made(const training::Build& build, const BackendOptions& options,
                             const Modules& modules, const Net& net) {
  if (!options.own()) return nullptr;
  core::check(build.device().is_cpu(), "train.device: backend {} runs on the cpu, found cuda",
              options.backend);
  if (options.precision == "float64") return std::make_shared<TensorNet<double, Net>>(modules, net);
  return std::make_shared<TensorNet<float, Net>>(modules, net);
}

}  // namespace

std::shared_ptr<OwnNet> own_mlp(const training::Build& build, const BackendOptions& options,
                                const Modules& modules, const scratch::Mlp& net) {
  if (options.backend == "scalars") return own_scalars(options, *modules[0].second, net);
  return made(build, options, modules, net);
}

std::shared_ptr<OwnNet> own_cnn(const training::Build& build, const BackendOptions& options,
                                const Modules& modules, const scratch::Cnn& net) {
  return made(build, options, modules, net);
}

std::shared_ptr<OwnNet> own_rnn(const training::Build& build, const BackendOptions& options,
                                const Modules& modules, const scratch::Rnn& net) {
  return made(build, options, modules, net);
}

}  // namespace supervised
