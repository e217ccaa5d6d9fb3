// Augmentation of a batch of pictures: a random crop of the padded picture, and its mirror image.
#pragma once

#include "training/torch.h"

#include "core/options.h"
#include "training/data/batch.h"

namespace training::data {

struct Augmentation {
  int64_t padding = 2;
  bool flip = true;

  void fields(core::Fields& f);
  // Inputs [B, C, H, W], each moved and mirrored by draws of its own from `generator` (a CPU stream: the same
  // draws on every device), and with it all that is told of its places: columns of the same height and width,
  // centres and boxes, which may then reach beyond the edge. Numbers and classes stay as they are.
  Batch apply(const Batch& batch, torch::Generator generator) const;
  bool moves() const { return padding > 0 || flip; }
};

}  // namespace training::data
