// A gated recurrent unit (Cho et al. 2014) over sequences in which episodes begin, on plain arrays with a
// hand-written backward: LibTorch's layer must be called anew wherever something begins, and spends its time
// on dispatch.
#pragma once

#include "training/torch.h"

namespace training {

// Weights as Recurrent's of one layer: input [3 D, F], hidden [3 D, D], bias [3 D]; gates reset, update, new.
struct GruWeights {
  torch::Tensor input, hidden, bias;
};

// x [S, L, F] -> [S, L, D], one operation of autograd. `first` [S, D] is remembered before the first row of
// each sequence; where starts [S, L] (uint8, or undefined) is 1, what was remembered is given up before that
// row. float32 on the CPU.
torch::Tensor gru(const torch::Tensor& x, const torch::Tensor& starts, const torch::Tensor& first,
                  const GruWeights& weights);

}  // namespace training
