// Augmentation of a batch of pictures: each one shifted, mirrored, turned, and a box of it blacked out.
#pragma once

#include "training/torch.h"

#include "core/options.h"
#include "training/data/batch.h"

namespace training::data {

struct Augmentation {
  int64_t padding = 2;
  bool flip = true;
  double rotate = 0, erase = 0;

  void fields(core::Fields& f);
  // Inputs [B, C, H, W], each moved and mirrored by draws of its own from `generator` (a CPU stream: the same
  // draws on every device), and with it all that is told of its places: columns of the same height and width,
  // centres and boxes, which may then reach beyond the edge. Numbers and classes stay as they are.
  Batch apply(const Batch& batch, torch::Generator generator) const;
  bool moves() const { return padding > 0 || flip || rotate > 0; }
  bool active() const { return moves() || erase > 0; }
};

inline Augmentation no_augmentation() { return {.padding = 0, .flip = false}; }

// Each picture [B, C, H, W] turned anticlockwise around its middle by its own of `angles` [B], in radians,
// float64 on the CPU; between pixels it is interpolated, from outside comes black.
torch::Tensor rotated(const torch::Tensor& pictures, const torch::Tensor& angles);
// Blacks out a box of each picture where `is_hit` [B], of that share of its area to half a side's rounding,
// 0.3 to 3.3 times as high as wide, at a place of its own.
torch::Tensor erased(const torch::Tensor& pictures, double share, const torch::Tensor& is_hit,
                     torch::Generator generator);

}  // namespace training::data
