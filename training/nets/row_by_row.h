// The same bits for a row, whatever stands beside it, where LibTorch multiplies: how its libraries sum
// depends on the number of rows and on a row's place among them, on some processors for any number, so that
// each row is asked for alone.
#pragma once

#include <vector>

#include "training/torch.h"

namespace training {

// f(row) for each row of x [B, ...], as [1, ...] in memory of its own; f maps it to [1, ...].
template <class F>
torch::Tensor row_by_row(const torch::Tensor& x, F&& f) {
  std::vector<torch::Tensor> rows;
  rows.reserve(static_cast<size_t>(x.size(0)));
  for (int64_t i = 0; i < x.size(0); ++i) rows.push_back(f(x.narrow(0, i, 1).clone()));
  return torch::cat(rows);
}

}  // namespace training
