// An invertible map of rows as a value: both ways, and the modules that learn it.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "generative/flow/flow_output.h"

namespace generative {

struct FlowMap {
  using Way = std::function<FlowOutput(const torch::Tensor& rows)>;  // [B, D]
  using Module = std::pair<std::string, std::shared_ptr<torch::nn::Module>>;

  Way to_latent;    // differentiable
  Way from_latent;  // its inverse; log_det is of this way
  std::vector<Module> modules{};
  // Sets what depends on the data by the first batch that is learned from; empty where nothing does. Done
  // once: what it has set is part of a checkpoint.
  std::function<void(const torch::Tensor& rows)> begin{};
};

// One after another on the way to the latent rows; the log-determinants add up.
FlowMap chain(std::vector<FlowMap> layers);
// The numbers of a row in reversed order.
FlowMap reversal();
// The same map the other way round.
FlowMap inverse_of(FlowMap map);

}  // namespace generative
