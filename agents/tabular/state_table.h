// Numbers by state that checkpoints hold: what tabular agents learn in place of a network.
#pragma once

#include "training/torch.h"

#include <span>
#include <vector>

namespace agents {

class StateTableImpl : public torch::nn::Module {
 public:
  // float64 [shape...], the states first; all `value`.
  StateTableImpl(std::vector<int64_t> shape, double value)
      : values_(register_buffer("values", torch::full(shape, value, torch::kFloat64))) {}

  // A cell at a time is no work for another device: the table stays on the CPU.
  using torch::nn::Module::to;
  void to(torch::Device, bool = false) override {}

  const torch::Tensor& values() const { return values_; }
  std::span<double> cells() const {
    return {values_.data_ptr<double>(), static_cast<size_t>(values_.numel())};
  }

 private:
  torch::Tensor values_;
};
TORCH_MODULE(StateTable);

}  // namespace agents
