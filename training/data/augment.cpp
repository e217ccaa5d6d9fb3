// Crop and flip as He et al. (2015) do for CIFAR: one gather over the whole batch.
#include "training/data/augment.h"

namespace training::data {

void Augmentation::fields(core::Fields& f) {
  f.add("padding", padding, "Black margin out of which a random crop of the picture's own size is cut",
        {.min = 0, .max = 1024, .unit = "pixels"});
  f.add("flip", flip, "Mirror every other picture, left to right");
}

torch::Tensor Augmentation::apply(const torch::Tensor& pictures, torch::Generator generator) const {
  const int64_t batch = pictures.size(0), height = pictures.size(2), width = pictures.size(3);
  const torch::Tensor down = torch::randint(2 * padding + 1, {batch, 1, 1}, generator, torch::kInt64);
  const torch::Tensor right = torch::randint(2 * padding + 1, {batch, 1, 1}, generator, torch::kInt64);
  const torch::Tensor mirrored = torch::randint(2, {batch, 1, 1}, generator, torch::kInt64) * int64_t(flip);
  const torch::Tensor x = torch::arange(width);
  const torch::Tensor rows = down + torch::arange(height).view({1, height, 1});        // [B, H, 1]
  const torch::Tensor columns = right + torch::where(mirrored > 0, width - 1 - x, x);  // [B, 1, W]
  const torch::Tensor padded =
      torch::constant_pad_nd(pictures, {padding, padding, padding, padding}).permute({0, 2, 3, 1});
  const auto on = pictures.device();
  const torch::Tensor cut =
      padded.index({torch::arange(batch).view({batch, 1, 1}).to(on), rows.to(on), columns.to(on)});
  return cut.permute({0, 3, 1, 2});  // [B, C, H, W], channels innermost in memory
}

}  // namespace training::data
