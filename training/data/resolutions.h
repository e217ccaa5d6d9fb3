// Pictures of several sizes: each one brought to a side of its own, as in mnist-varres of VU Amsterdam's deep
// learning course, and how they are seen at that side.
#pragma once

#include "training/torch.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/options.h"
#include "training/data/batch.h"

namespace training::data {

struct Data;

// The keys `resolutions` and `resize` of the data section.
struct Resolutions {
  std::vector<int64_t> sides;
  std::optional<int64_t> resize;

  void fields(core::Fields& f);
  // Changes the pictures of all parts; of `sides` those of several sizes lie in the upper left corner of the
  // largest, and column::sides tells how much of it is theirs. Which picture has which side depends on its
  // place alone. What is known of places in the picture (masks, boxes) is left out.
  void apply(Data& data) const;
};

// [M, C, H, W] uint8 -> [M, C, side, side] uint8: where a side grows by bilinear interpolation, else by
// means.
torch::Tensor resized(const torch::Tensor& pictures, int64_t side);
// Rows of each side, in their order; all of them where there is one size.
std::vector<torch::Tensor> rows_by_side(const Batch& rows);
// The smallest side; that of the rows where there is one size. Height and width.
std::array<int64_t, 2> smallest_size(const Batch& rows);
// A batch whose pictures have one side, cut to it; as it is where there is one size.
Batch at_own_size(const Batch& batch);

}  // namespace training::data
