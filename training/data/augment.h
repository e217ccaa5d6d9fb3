// Augmentation of a batch of pictures: a random crop of the padded picture, and its mirror image.
#pragma once

#include "training/torch.h"

#include "core/options.h"

namespace training::data {

struct Augmentation {
  int64_t padding = 2;
  bool flip = true;

  void fields(core::Fields& f);
  // pictures [B, C, H, W] float32 -> the same shape, each moved and mirrored by draws of its own from
  // `generator` (a CPU stream: the same draws on every device).
  torch::Tensor apply(const torch::Tensor& pictures, torch::Generator generator) const;
};

}  // namespace training::data
