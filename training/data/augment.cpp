// Crop and flip as He et al. (2015) do for CIFAR: one gather over the whole batch.
#include "training/data/augment.h"

namespace training::data {

namespace {

using torch::Tensor;

// Where in the padded picture each crop begins, and whether it is mirrored: [B, 1, 1] int64.
struct Crops {
  int64_t padding;
  Tensor down, right, mirrored;
};

Tensor cut(const Crops& crops, const Tensor& pictures) {
  const int64_t batch = pictures.size(0), height = pictures.size(2), width = pictures.size(3),
                padding = crops.padding;
  const Tensor x = torch::arange(width);
  const Tensor rows = crops.down + torch::arange(height).view({1, height, 1});              // [B, H, 1]
  const Tensor columns = crops.right + torch::where(crops.mirrored > 0, width - 1 - x, x);  // [B, 1, W]
  const Tensor padded =
      torch::constant_pad_nd(pictures, {padding, padding, padding, padding}).permute({0, 2, 3, 1});
  const auto on = pictures.device();
  const Tensor seen =
      padded.index({torch::arange(batch).view({batch, 1, 1}).to(on), rows.to(on), columns.to(on)});
  return seen.permute({0, 3, 1, 2});  // [B, C, H, W], channels innermost in memory
}

// One number for each item of a ragged column, from one for each row.
Tensor of_items(const Tensor& of_rows, const Column& column) {
  return of_rows.flatten().repeat_interleave(column.offsets.diff()).to(column.values.device());
}

// Centres [n, 2] or boxes [n, 4]: from the left, from the top, and of boxes width and height.
Tensor move(const Crops& crops, const Column& column, int64_t picture_width) {
  Tensor moved = column.values.clone();
  moved.select(1, 1) -= of_items(crops.down - crops.padding, column);
  const Tensor left = moved.select(1, 0) - of_items(crops.right - crops.padding, column);
  const Tensor wide = moved.size(1) > 2 ? moved.select(1, 2) : torch::zeros_like(left);
  moved.select(1, 0) = torch::where(of_items(crops.mirrored, column) > 0, picture_width - left - wide, left);
  return moved;
}

bool is_over(const Tensor& values, const Tensor& pictures) {
  return values.dim() >= 3 && values.dim() <= 4 && values.size(-2) == pictures.size(2) &&
         values.size(-1) == pictures.size(3);
}

}  // namespace

void Augmentation::fields(core::Fields& f) {
  f.add("padding", padding, "Black margin out of which a random crop of the picture's own size is cut",
        {.min = 0, .max = 1024, .unit = "pixels"});
  f.add("flip", flip, "Mirror every other picture, left to right");
}

Batch Augmentation::apply(const Batch& batch, torch::Generator generator) const {
  const Tensor& pictures = batch.inputs();
  const int64_t B = pictures.size(0);
  const Crops crops{padding, torch::randint(2 * padding + 1, {B, 1, 1}, generator, torch::kInt64),
                    torch::randint(2 * padding + 1, {B, 1, 1}, generator, torch::kInt64),
                    torch::randint(2, {B, 1, 1}, generator, torch::kInt64) * int64_t(flip)};
  Batch seen;
  for (const Column& each : batch.columns()) {
    const bool places = each.name == column::centres || each.name == column::boxes;
    Tensor values = each.values;
    if (places)
      values = move(crops, each, pictures.size(3));
    else if (is_over(values, pictures))
      values = values.dim() == 4 ? cut(crops, values) : cut(crops, values.unsqueeze(1)).squeeze(1);
    seen.set(each.name, values, each.offsets);
  }
  return seen;
}

}  // namespace training::data
