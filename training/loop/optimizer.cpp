#include "training/loop/optimizer.h"

#include "training/loop/tensor_rules.h"

namespace training {

// "net/fc.output.weight".
static bool is_output(const std::string& parameter) { return parameter.ends_with("output.weight"); }

// Muon is for the matrices between; what enters, what leaves and what is no matrix goes by AdamW.
static std::string algorithm_of(const Parameter& parameter, const OptimOptions& options) {
  const bool inner = parameter.decay && parameter.tensor.dim() > 1 && !is_output(parameter.name);
  return options.algorithm != "muon" || inner ? options.algorithm : "adamw";
}

static std::vector<std::string> slots_of(const std::string& algorithm, double momentum) {
  if (algorithm == "sgd" && momentum == 0) return {};
  if (algorithm == "sgd" || algorithm == "muon") return {"momentum"};
  if (algorithm == "rmsprop") return {"square_avg"};
  if (algorithm == "adagrad") return {"square_sum"};
  if (algorithm == "adadelta") return {"square_avg", "square_avg_step"};
  if (algorithm == "lion") return {"exp_avg"};
  return {"exp_avg", "exp_avg_sq"};
}

Optimizer::Optimizer(OptimOptions options, std::vector<Parameter> parameters)
    : options_(std::move(options)), parameters_(std::move(parameters)) {
  for (const Parameter& parameter : parameters_) {
    algorithms_.push_back(algorithm_of(parameter, options_));
    const size_t slots = slots_of(algorithms_.back(), options_.momentum).size();
    for (auto& memory = state_.emplace_back(); memory.size() < slots;)
      memory.push_back(torch::zeros_like(parameter.tensor).detach());
  }
}

std::vector<std::pair<std::string, torch::Tensor>> Optimizer::state() const {
  std::vector<std::pair<std::string, torch::Tensor>> named;
  for (size_t p = 0; p < parameters_.size(); ++p) {
    const auto slots = slots_of(algorithms_[p], options_.momentum);
    for (size_t s = 0; s < slots.size(); ++s)
      named.emplace_back(slots[s] + "/" + parameters_[p].name, state_[p][s]);
  }
  return named;
}

void Optimizer::zero_grad() {
  for (Parameter& parameter : parameters_)
    if (torch::Tensor& gradient = parameter.tensor.mutable_grad(); gradient.defined()) gradient.zero_();
}

void Optimizer::step(double lr) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  for (size_t p = 0; p < parameters_.size(); ++p)
    if (parameters_[p].tensor.grad().defined()) update(p, lr);
}

void Optimizer::update(size_t index, double lr) {
  const Parameter& parameter = parameters_[index];
  const bool decays = parameter.decay || (parameter.embedding && options_.decay_embeddings);
  const UpdateRule rule{options_, algorithms_[index], lr, decays ? options_.weight_decay : 0, steps_};
  torch::Tensor w = parameter.tensor;
  const torch::Tensor g = decays && options_.l1 > 0 ? w.grad() + options_.l1 * w.sign() : w.grad();
  const auto& slots = state_[index];
  const torch::Tensor first = slots.empty() ? torch::Tensor() : slots[0];
  const torch::Tensor second = slots.size() < 2 ? torch::Tensor() : slots[1];
  const bool native = rule.algorithm != "muon" && w.is_cpu() && w.scalar_type() == torch::kFloat32 &&
                      w.is_non_overlapping_and_dense() &&
                      w.strides() == g.strides();  // element by element, in whatever order they lie
  if (!native) return apply_tensors(rule, w, g, first, second);
  const auto data = [](const torch::Tensor& t) { return t.defined() ? t.data_ptr<float>() : nullptr; };
  apply_native(rule, data(w), data(g), data(first), data(second), w.numel());
}

}  // namespace training
