// The same bits for a row, whatever stands beside it, where LibTorch multiplies: it sums in an order that
// depends on the number of rows, so that it is always asked for the same number.
#pragma once

#include <algorithm>
#include <vector>

#include "training/torch.h"

namespace training {

inline constexpr int64_t rows_of_block = 32;  // a multiple of what products take side by side

// f(x) row by row, for x [B, ...]; f maps [rows_of_block, ...] to as many rows.
template <class F>
torch::Tensor in_blocks(const torch::Tensor& x, F&& f) {
  std::vector<torch::Tensor> parts;
  for (int64_t first = 0; first < x.size(0); first += rows_of_block) {
    const int64_t rows = std::min(rows_of_block, x.size(0) - first);
    torch::Tensor block = x.narrow(0, first, rows);
    if (rows < rows_of_block) {
      std::vector<int64_t> rest = x.sizes().vec();
      rest[0] = rows_of_block - rows;
      block = torch::cat({block, torch::zeros(rest, x.options())});
    }
    parts.push_back(f(block).narrow(0, 0, rows));
  }
  return parts.size() == 1 ? parts[0].contiguous() : torch::cat(parts);
}

}  // namespace training
