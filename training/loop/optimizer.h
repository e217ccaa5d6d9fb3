// First-order optimisers over a list of named tensors: SGD (momentum, Nesterov), Adagrad, Adadelta, RMSprop,
// Adam, AdamW, Lion, Muon (training/loop/update_rules.h).
// Our own because LibTorch 1.13 neither restores options nor names its state, and costs 94 us a step over six
// tensors.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "training/loop/optim_options.h"

namespace training {

struct Parameter {
  std::string name;        // "policy/layer0.weight"
  torch::Tensor tensor;    // a leaf that requires grad
  bool decay = true;       // weight decay applies: false for biases, norms and embeddings
  bool embedding = false;  // an embedding, which optim.decay_embeddings decays too
};

class Optimizer {
 public:
  Optimizer() = default;
  Optimizer(OptimOptions options, std::vector<Parameter> parameters);

  const OptimOptions& options() const { return options_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  // One step with the gradients that are there; a parameter without one stays as it is.
  void step(double lr);
  void zero_grad();
  int64_t& steps() { return steps_; }
  // The state tensors: "<slot>/<parameter name>", e.g. "exp_avg/policy/layer0.weight".
  std::vector<std::pair<std::string, torch::Tensor>> state() const;

 private:
  void update(size_t index, double lr);

  OptimOptions options_;
  std::vector<Parameter> parameters_;
  std::vector<std::string> algorithms_;            // by which each parameter goes
  std::vector<std::vector<torch::Tensor>> state_;  // [parameter][slot]
  int64_t steps_ = 0;
};

}  // namespace training
