// Mixup (Zhang et al. 2018, equation 1): each row of a batch mixed with another one, and so their targets.
#pragma once

#include "training/torch.h"

#include "training/data/batch.h"

namespace supervised {

// Rows share x_i + (1 - share) x_j, j from another order of the same batch; unmixed where share is 1.
struct Mixed {
  torch::Tensor inputs;           // [B, ...]
  torch::Tensor targets, others;  // of rows i and j; others undefined where nothing is mixed
  double share = 1;

  explicit Mixed(const training::Batch& batch) : inputs(batch.inputs()), targets(batch.targets()) {}
  // One share for the whole batch, drawn from Beta(alpha, alpha) as in the authors' code; alpha 0: 1.
  Mixed(const training::Batch& batch, double alpha, torch::Generator stream);

  // share loss(targets) + (1 - share) loss(others).
  template <class Loss>
  torch::Tensor mean(const Loss& loss) const {
    if (!others.defined()) return loss(targets);
    return share * loss(targets) + (1 - share) * loss(others);
  }
  // Of the two that are mixed the one with the larger share.
  const torch::Tensor& larger() const { return share < 0.5 ? others : targets; }
};

}  // namespace supervised
