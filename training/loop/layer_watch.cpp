// LibTorch calls back before and after each operation (ATen/record_function.h). Operations counts are those
// of PyTorch's FlopCounterMode: products alone, without shifts, norms and activations.
#include "training/loop/layer_watch.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace training {
namespace {

using torch::Tensor;

// How the numbers of an operation follow from its inputs.
enum class Cost { none, linear, product, convolution, transposed, recurrent };

struct Operation {
  const char* name;
  size_t weight;  // which input the weights are
  Cost cost;
  size_t factor = 0;  // of products: which input is multiplied
};

constexpr size_t no_weight = 99;
constexpr Operation operations[] = {{"linear", 1, Cost::linear},
                                    {"addmm", 2, Cost::product, 1},
                                    {"mm", 1, Cost::product},
                                    {"matmul", 1, Cost::product},
                                    {"bmm", 1, Cost::product},
                                    {"baddbmm", 2, Cost::product, 1},
                                    {"conv1d", 1, Cost::convolution},
                                    {"conv2d", 1, Cost::convolution},
                                    {"conv3d", 1, Cost::convolution},
                                    {"conv_transpose1d", 1, Cost::transposed},
                                    {"conv_transpose2d", 1, Cost::transposed},
                                    {"conv_transpose3d", 1, Cost::transposed},
                                    {"embedding", 0, Cost::none},
                                    {"batch_norm", 1, Cost::none},
                                    {"instance_norm", 1, Cost::none},
                                    {"layer_norm", 2, Cost::none},
                                    {"group_norm", 2, Cost::none},
                                    {"gru", 2, Cost::recurrent},
                                    {"lstm", 2, Cost::recurrent},
                                    {"rnn_tanh", 2, Cost::recurrent},
                                    {"max_pool1d", no_weight, Cost::none},
                                    {"max_pool2d", no_weight, Cost::none},
                                    {"avg_pool2d", no_weight, Cost::none},
                                    {"adaptive_avg_pool2d", no_weight, Cost::none}};

const Operation* operation_of(const at::RecordFunction& function) {
  const std::string_view name = function.name();
  constexpr std::string_view ours = "aten::";
  if (name.substr(0, ours.size()) != ours) return nullptr;
  const auto found = std::find_if(std::begin(operations), std::end(operations),
                                  [&](const Operation& o) { return name.substr(ours.size()) == o.name; });
  return found == std::end(operations) ? nullptr : found;
}

// The inputs are there before the operation alone, the outputs behind it.
struct Inputs : at::ObserverContext {
  std::vector<c10::IValue> values;

  Tensor tensor(size_t i) const {
    return i < values.size() && values[i].isTensor() ? values[i].toTensor() : Tensor();
  }
  std::vector<Tensor> tensors(size_t i) const {
    if (i < values.size() && values[i].isTensorList()) return values[i].toTensorVector();
    return {tensor(i)};
  }
};

// LibTorch 1.13 takes addmm for a linear layer, or matmul.
std::string told_name(const Operation& operation) {
  const std::string name = operation.name;
  return name == "addmm" || name == "mm" || name == "matmul" ? "linear" : name;
}

double size_of(const Tensor& t) { return double(t.numel()); }

double flops_of(const Operation& operation, const Inputs& inputs, const Tensor& out) {
  const Tensor x = inputs.tensor(0), w = inputs.tensor(operation.weight);
  switch (operation.cost) {
    case Cost::linear:
      return 2 * size_of(out) * double(x.size(-1));
    case Cost::product:
      return 2 * size_of(out) * double(inputs.tensor(operation.factor).size(-1));
    case Cost::convolution:  // weights [out, in / groups, ...]
      return 2 * size_of(out) * size_of(w) / double(w.size(0));
    case Cost::transposed:  // weights [in, out / groups, ...]
      return 2 * size_of(x) * size_of(w) / double(w.size(0));
    default:
      return 0;
  }
}

class Watch {
 public:
  Watch(const std::vector<WatchedLayer>& layers, std::vector<LayerCall>& calls)
      : layers_(layers), calls_(calls) {}

  void before(const at::RecordFunction& function) {
    if (function.scope() == at::RecordScope::BACKWARD_FUNCTION)
      ++backward_;
    else if (operation_of(function))
      ++inside_;
  }

  // One within another, such as addmm within linear, is the other's.
  void after(const at::RecordFunction& function, const Inputs& inputs) {
    if (function.scope() == at::RecordScope::BACKWARD_FUNCTION) {
      --backward_;
      return;
    }
    const Operation* operation = operation_of(function);
    if (operation) --inside_;
    if (inside_ > 0 || backward_ > 0 || function.outputs().empty() || !function.outputs()[0].isTensor())
      return;
    const Tensor out = function.outputs()[0].toTensor();
    if (!out.defined()) return;
    operation ? note(*operation, inputs, out) : follow(inputs, out);
  }

 private:
  struct Owner {
    size_t layer;
    const void* at;  // where the weights begin; of what was made of them, the weights' own
  };

  std::optional<Owner> owner_of(const Tensor& tensor) const {
    if (!tensor.defined() || tensor.numel() == 0) return std::nullopt;
    const auto* at = static_cast<const char*>(tensor.data_ptr());
    for (size_t i = 0; i < layers_.size(); ++i)
      for (const Tensor& w : layers_[i].weights) {
        const auto* first = static_cast<const char*>(w.data_ptr());
        if (at >= first && at < first + w.nbytes()) return Owner{i, at};
      }
    const auto made = made_.find(at);
    return made == made_.end() ? std::nullopt : std::optional(made->second.first);
  }

  // Masked weights, noisy ones, those in another precision: as many numbers, made of a layer's.
  void follow(const Inputs& inputs, const Tensor& out) {
    if (owner_of(out)) return;
    for (size_t i = 0; i < inputs.values.size(); ++i) {
      const Tensor from = inputs.tensor(i);
      const auto owner = owner_of(from);
      if (!owner || from.numel() != out.numel() || out.dim() < 2) continue;
      made_.insert_or_assign(out.data_ptr(), std::pair(*owner, out));  // kept, or its place may be another's
      return;
    }
  }

  void note(const Operation& operation, const Inputs& inputs, const Tensor& out) {
    if (operation.weight == no_weight) {
      if (last_ && !known(*last_, operation.name))
        calls_.push_back({*last_, operation.name, out.sizes().vec(), 0, double(out.nbytes())});
      return;
    }
    if (operation.cost == Cost::recurrent) return note_recurrent(operation, inputs, out);
    auto owner = owner_of(inputs.tensor(operation.weight));
    if (!owner && operation.cost == Cost::product) owner = owner_of(inputs.tensor(operation.factor));
    if (!owner) return;
    add(*owner, told_name(operation), out, flops_of(operation, inputs, out));
    if (layers_[owner->layer].attends && out.dim() == 3) note_attention(owner->layer, out);
  }

  // Each step multiplies its input and what is remembered by every matrix of each layer.
  void note_recurrent(const Operation& operation, const Inputs& inputs, const Tensor& out) {
    const Tensor x = inputs.tensor(0);
    const double rows = size_of(x) / double(x.size(-1));
    for (const Tensor& w : inputs.tensors(operation.weight))
      if (const auto owner = owner_of(w))
        add(*owner, operation.name, out, w.dim() == 2 ? 2 * rows * size_of(w) : 0);
  }

  // Of x [B, T, 3 D]: Q K^T and P V, as if nothing were masked.
  void note_attention(size_t layer, const Tensor& x) {
    if (known(layer, "attention")) return;
    const double B = double(x.size(0)), T = double(x.size(1)), D = double(x.size(2)) / 3;
    calls_.push_back({layer,
                      "attention",
                      {x.size(0), x.size(1), x.size(2) / 3},
                      4 * B * T * T * D,
                      double(x.nbytes()) / 3});
  }

  LayerCall* known(size_t layer, const std::string& operation) const {
    for (LayerCall& call : calls_)
      if (call.layer == layer && call.operation == operation) return &call;
    return nullptr;
  }

  // A layer that is taken in parts adds up.
  void add(const Owner& owner, const std::string& operation, const Tensor& out, double flops) {
    last_ = owner.layer;
    auto& parts = seen_[{owner.layer, operation}];
    if (std::find(parts.begin(), parts.end(), owner.at) != parts.end()) return;
    parts.push_back(owner.at);
    if (LayerCall* call = known(owner.layer, operation))
      call->flops += flops;
    else
      calls_.push_back({owner.layer, operation, out.sizes().vec(), flops, double(out.nbytes())});
  }

  const std::vector<WatchedLayer>& layers_;
  std::vector<LayerCall>& calls_;
  std::map<const void*, std::pair<Owner, Tensor>> made_;
  std::map<std::pair<size_t, std::string>, std::vector<const void*>> seen_;
  std::optional<size_t> last_;
  int inside_ = 0, backward_ = 0;
};

thread_local Watch* watch = nullptr;

std::unique_ptr<at::ObserverContext> before(const at::RecordFunction& function) {
  watch->before(function);
  auto inputs = std::make_unique<Inputs>();
  if (function.scope() == at::RecordScope::FUNCTION)
    inputs->values.assign(function.inputs().begin(), function.inputs().end());
  return inputs;
}

void after(const at::RecordFunction& function, at::ObserverContext* context) {
  watch->after(function, *static_cast<Inputs*>(context));
}

}  // namespace

void watch_layers(const std::vector<WatchedLayer>& layers, const std::function<void()>& pass,
                  std::vector<LayerCall>& calls) {
  Watch own(layers, calls);
  watch = &own;
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(before, after)
          .needsInputs(true)
          .needsOutputs(true)
          .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
  const auto end = [&] {
    at::removeCallback(handle);
    watch = nullptr;
  };
  try {
    pass();
  } catch (...) {
    end();
    throw;
  }
  end();
}

}  // namespace training
