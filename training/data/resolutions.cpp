#include "training/data/resolutions.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/memory.h"
#include "core/random.h"
#include "training/data/all.h"

namespace training::data {
namespace {

using torch::Tensor;

constexpr int64_t at_once = 1000;  // pictures

// Of each row its place among the sides, drawn by the part.
Tensor drawn_places(int64_t rows, int64_t sides, const char* part) {
  core::Pcg64 random(core::mix(0, {"resolutions", part}));
  Tensor places = torch::empty({rows}, torch::kInt64);
  for (int64_t i = 0; i < rows; ++i) places.data_ptr<int64_t>()[i] = random.integers(0, sides);
  return places;
}

void change(Dataset& set, const Resolutions& how, const char* part) {
  const Tensor& pictures = set.inputs();
  const int64_t M = set.size(), C = pictures.size(1);
  Batch changed;
  if (how.sides.empty()) {
    changed.set(column::inputs, resized(pictures, *how.resize));
  } else {
    const int64_t largest = how.resize.value_or(*std::max_element(how.sides.begin(), how.sides.end()));
    const Tensor places = drawn_places(M, std::ssize(how.sides), part);
    const Tensor canvas = torch::zeros({M, C, largest, largest}, torch::kUInt8);
    for (size_t k = 0; k < how.sides.size(); ++k) {
      const Tensor rows = (places == int64_t(k)).nonzero().squeeze(1);
      Tensor own = resized(pictures.index_select(0, rows), how.sides[k]);
      if (how.resize) own = resized(own, *how.resize);
      canvas.narrow(2, 0, own.size(2)).narrow(3, 0, own.size(3)).index_copy_(0, rows, own);
    }
    changed.set(column::inputs, canvas);
    if (!how.resize)
      changed.set(column::sides, torch::tensor(how.sides, torch::kInt64).index_select(0, places));
  }
  changed.set(column::targets, set.targets());
  set.rows = std::move(changed);
}

}  // namespace

void Resolutions::fields(core::Fields& f) {
  f.add("resolutions", sides,
        "Bring each picture to one of these sides, drawn for each; batches then hold pictures of one side "
        "each, for "
        "nets that take any size; []: leave them",
        {.min = 1, .max = 4096, .unit = "pixels"});
  f.add("resize", resize, "Bring all pictures to this side at last; null: leave them",
        {.min = 1, .max = 4096, .unit = "pixels"});
}

void Resolutions::apply(Data& data) const {
  if (sides.empty() && !resize) return;
  const char* key = sides.empty() ? "data.resize" : "data.resolutions";
  core::check(!data.endless, "{}: rows that are drawn without end keep their size; expected none", key);
  const Tensor& rows = data.train.inputs();
  core::check(rows.dim() == 4 && rows.scalar_type() == torch::kUInt8, "{}: needs pictures of bytes", key);
  const int64_t side = resize.value_or(sides.empty() ? 0 : *std::max_element(sides.begin(), sides.end()));
  const int64_t all = data.train.size() + data.valid.size() + data.test.size();
  core::require_memory(2 * double(all) * double(rows.size(1)) * double(side) * double(side),
                       fmt::format("{}: {} pictures of {} x {} pixels", key, all, side, side));
  change(data.train, *this, "train");
  change(data.valid, *this, "valid");
  change(data.test, *this, "test");
}

Tensor resized(const Tensor& pictures, int64_t side) {
  const int64_t M = pictures.size(0);
  const bool grows = side >= pictures.size(2) && side >= pictures.size(3);
  std::vector<Tensor> parts{torch::empty({0, pictures.size(1), side, side}, torch::kUInt8)};
  for (int64_t first = 0; first < M; first += at_once) {
    const Tensor some = pictures.slice(0, first, std::min(M, first + at_once)).to(torch::kFloat32);
    const Tensor seen = grows ? torch::upsample_bilinear2d(some, {side, side}, false)
                              : torch::adaptive_avg_pool2d(some, {side, side});
    parts.push_back(seen.round().clamp(0, 255).to(torch::kUInt8));
  }
  return torch::cat(parts);
}

std::vector<Tensor> rows_by_side(const Batch& rows) {
  const Tensor& sides = rows[column::sides];
  if (!sides.defined()) return {torch::arange(rows.size())};
  const int64_t* first = sides.data_ptr<int64_t>();
  std::vector<Tensor> groups;
  for (const int64_t side : std::set(first, first + sides.numel()))
    groups.push_back((sides == side).nonzero().squeeze(1));
  return groups;
}

std::array<int64_t, 2> smallest_size(const Batch& rows) {
  const Tensor& sides = rows[column::sides];
  if (!sides.defined() || sides.numel() == 0) return {rows.inputs().size(2), rows.inputs().size(3)};
  const auto side = sides.min().item<int64_t>();
  return {side, side};
}

Batch at_own_size(const Batch& batch) {
  const Tensor& sides = batch[column::sides];
  if (!sides.defined()) return batch;
  const auto side = sides[0].item<int64_t>();
  Batch seen = batch;
  seen.set(column::inputs, batch.inputs().narrow(2, 0, side).narrow(3, 0, side).contiguous());
  return seen;
}

}  // namespace training::data
