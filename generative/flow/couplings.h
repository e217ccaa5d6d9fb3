// Layers of couplings (Dinh, Krueger & Bengio 2015, NICE): each maps one half of a row's numbers, given the
// other, in turn.
#pragma once

#include "training/torch.h"

#include <utility>

#include "generative/flow/flow_output.h"

namespace generative {

// Rows x [B, D], D even. `map(i, pass, bend)` is what layer i makes of the half `bend`, given `pass`, [B, D /
// 2] both: a FlowOutput.
template <class Map>
FlowOutput through_couplings(size_t layers, const torch::Tensor& x, Map&& map) {
  const auto halves = x.chunk(2, 1);
  torch::Tensor pass = halves[0], bend = halves[1], log_det;
  for (size_t i = 0; i < layers; ++i) {
    const auto [y, stretch] = map(i, pass, bend);
    log_det = log_det.defined() ? log_det + stretch : stretch;
    bend = std::exchange(pass, y);  // the other half is next
  }
  return {torch::cat({pass, bend}, 1), log_det};
}

// The inverse, where `map` is that of each layer.
template <class Map>
FlowOutput back_through_couplings(size_t layers, const torch::Tensor& z, Map&& map) {
  const auto halves = z.chunk(2, 1);
  torch::Tensor pass = halves[0], bend = halves[1], log_det = torch::zeros_like(z.select(1, 0));
  for (size_t i = layers; i-- > 0;) {
    std::swap(pass, bend);
    const auto [x, stretch] = map(i, pass, bend);
    log_det = log_det + stretch;
    bend = x;
  }
  return {torch::cat({pass, bend}, 1), log_det};
}

}  // namespace generative
