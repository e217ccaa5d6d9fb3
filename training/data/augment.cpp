// Crop and flip as He et al. (2015) do for CIFAR: one gather over the whole batch. Rotation by bilinear
// interpolation. Random erasing, Zhong, Zheng, Kang, Li & Yang (2020), algorithm 1, with black for random
// numbers (cutout, DeVries & Taylor 2017).
#include "training/data/augment.h"

#include <cmath>
#include <numbers>

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

Batch cropped(const Augmentation& how, const Batch& batch, torch::Generator generator) {
  const Tensor& pictures = batch.inputs();
  const int64_t B = pictures.size(0), padding = how.padding;
  const Crops crops{padding, torch::randint(2 * padding + 1, {B, 1, 1}, generator, torch::kInt64),
                    torch::randint(2 * padding + 1, {B, 1, 1}, generator, torch::kInt64),
                    torch::randint(2, {B, 1, 1}, generator, torch::kInt64) * int64_t(how.flip)};
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

// Centres [n, 2] or boxes [n, 4] around the middle of pictures of this size; a box becomes the one around it.
Tensor turn(const Tensor& angles, const Column& column, int64_t height, int64_t width) {
  const Tensor a = of_items(angles, column), cosine = a.cos(), sine = a.sin();
  Tensor half_wide = torch::zeros_like(a), half_high = half_wide;
  if (column.values.size(1) > 2) {
    half_wide = column.values.select(1, 2) / 2;
    half_high = column.values.select(1, 3) / 2;
  }
  const Tensor x = column.values.select(1, 0) + half_wide - double(width) / 2,
               y = column.values.select(1, 1) + half_high - double(height) / 2;
  const Tensor new_wide = half_wide * cosine.abs() + half_high * sine.abs(),
               new_high = half_wide * sine.abs() + half_high * cosine.abs();
  std::vector<Tensor> parts{x * cosine + y * sine + double(width) / 2 - new_wide,
                            y * cosine - x * sine + double(height) / 2 - new_high};
  if (column.values.size(1) > 2) parts.insert(parts.end(), {2 * new_wide, 2 * new_high});
  return torch::stack(parts, 1).to(column.values.scalar_type());
}

Tensor turned(const Tensor& values, const Tensor& angles) {
  const Tensor pictures = values.dim() == 4 ? values : values.unsqueeze(1);
  Tensor seen = rotated(pictures.to(torch::kFloat32), angles);
  if (values.scalar_type() == torch::kBool) seen = seen > 0.5;
  return values.dim() == 4 ? seen : seen.squeeze(1);
}

Batch all_turned(const Batch& batch, const Tensor& angles) {
  const Tensor& pictures = batch.inputs();
  Batch seen;
  for (const Column& each : batch.columns()) {
    Tensor values = each.values;
    if (each.name == column::centres || each.name == column::boxes)
      values = turn(angles, each, pictures.size(2), pictures.size(3));
    else if (is_over(values, pictures))
      values = turned(values, angles);
    seen.set(each.name, values, each.offsets);
  }
  return seen;
}

// Where an output pixel comes from, to a 65,536th of a pixel: whole pixels stay whole in quarter turns.
Tensor snapped(const Tensor& place) { return (place * 65536).round() / 65536; }

}  // namespace

Tensor rotated(const Tensor& pictures, const Tensor& angles) {
  const int64_t B = pictures.size(0), C = pictures.size(1), H = pictures.size(2), W = pictures.size(3);
  const auto from_middle = [](int64_t side) {
    return torch::arange(side, torch::kFloat64) - double(side - 1) / 2;
  };
  const Tensor y = from_middle(H).view({1, H, 1}), x = from_middle(W).view({1, 1, W});
  const Tensor cosine = angles.cos().view({B, 1, 1}), sine = angles.sin().view({B, 1, 1});
  const Tensor right = snapped(x * cosine - y * sine + double(W - 1) / 2),  // [B, H, W]
      down = snapped(x * sine + y * cosine + double(H - 1) / 2);
  const Tensor flat = torch::constant_pad_nd(pictures, {1, 1, 1, 1}).flatten(2);  // [B, C, (H + 2) (W + 2)]
  Tensor seen = torch::zeros({B, C, H * W}, flat.options());
  for (const int64_t below : {0, 1})
    for (const int64_t beside : {0, 1}) {
      const Tensor row = down.floor() + below, column = right.floor() + beside;
      const Tensor weight = (1 - (down - row).abs()) * (1 - (right - column).abs());
      const Tensor place = (row.clamp(-1, H) + 1) * (W + 2) + column.clamp(-1, W) + 1;
      const auto like_pictures = [&](const Tensor& t) { return t.view({B, 1, H * W}).to(flat.device()); };
      seen += flat.gather(2, like_pictures(place).to(torch::kInt64).expand({B, C, H * W})) *
              like_pictures(weight).to(flat.scalar_type());
    }
  return seen.view({B, C, H, W});
}

Tensor erased(const Tensor& pictures, double share, const Tensor& is_hit, torch::Generator generator) {
  const int64_t B = pictures.size(0), H = pictures.size(2), W = pictures.size(3);
  const Tensor u = torch::rand({3, B}, generator, torch::kFloat64);
  const Tensor ratio = ((2 * u[0] - 1) * std::log(1 / 0.3)).exp();
  const Tensor high = (share * double(H * W) * ratio).sqrt().round().clamp(1, H);
  const Tensor wide = (share * double(H * W) / high).round().clamp(1, W);
  const Tensor top = (u[1] * (H + 1 - high)).floor(), left = (u[2] * (W + 1 - wide)).floor();
  const auto within = [&](const Tensor& first, const Tensor& size, int64_t side) {  // [B, side]
    const Tensor place = torch::arange(side, torch::kFloat64).view({1, side});
    return (place >= first.view({B, 1})).logical_and(place < (first + size).view({B, 1}));
  };
  const Tensor box =
      within(top, high, H).view({B, 1, H, 1}).logical_and(within(left, wide, W).view({B, 1, 1, W}));
  return pictures.masked_fill(box.logical_and(is_hit.view({B, 1, 1, 1})).to(pictures.device()), 0);
}

void Augmentation::fields(core::Fields& f) {
  f.add("padding", padding,
        "Black margin out of which a random crop of the picture's own size is cut: a shift by up to so many, "
        "up "
        "or down and left or right",
        {.min = 0, .max = 1024, .unit = "pixels"});
  f.add("flip", flip, "Mirror every other picture, left to right");
  f.add("rotate", rotate, "Turn each picture around its middle by up to so much, either way",
        {.min = 0, .max = 180, .unit = "degrees"});
  f.add("erase", erase,
        "Black out of every other picture a box of this share of its area (random erasing, Zhong et al. "
        "2020); 0: "
        "none",
        {.min = 0, .max = 0.9});
}

Batch Augmentation::apply(const Batch& batch, torch::Generator generator) const {
  const int64_t B = batch.inputs().size(0);
  Batch seen = padding > 0 || flip ? cropped(*this, batch, generator) : batch;
  if (rotate > 0) {
    const Tensor share = 2 * torch::rand({B}, generator, torch::kFloat64) - 1;
    seen = all_turned(seen, share * (rotate * std::numbers::pi / 180));
  }
  if (erase > 0) {
    const Tensor is_hit = torch::randint(2, {B}, generator, torch::kInt64) > 0;
    seen.set(column::inputs, erased(seen.inputs(), erase, is_hit, generator));
  }
  return seen;
}

}  // namespace training::data
