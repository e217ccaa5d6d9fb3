// Principal components (Pearson 1901; Hotelling 1933): of all linear codes of k numbers the one from which
// rows are given back with the least squared error.
#pragma once

#include "training/torch.h"

#include "training/data/batch.h"

namespace generative {

struct Pca {
  torch::Tensor mean;        // [D], float64 as all of it
  torch::Tensor directions;  // [D, D], a column each, orthonormal, by falling variance
  torch::Tensor variances;   // [D], of the rows along each; their sum is the whole variance

  torch::Tensor encode(const torch::Tensor& x, int64_t k) const;  // [M, D] -> [M, k]
  torch::Tensor decode(const torch::Tensor& codes) const;         // [M, k] -> [M, D]
};

// Of rows [M, ...], flattened; M is at least 1. Costs M D^2 + 9 D^3 operations.
Pca principal_components(const training::Dataset& data);

}  // namespace generative
