#include "render/viewer/scaled.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"

namespace render {

// How much of one axis's old pixels each new one covers: from `first` on, shares that add to 1.
namespace {
struct Cover {
  size_t first = 0;
  std::vector<float> shares;
};
}  // namespace

static std::vector<Cover> covers(int before, int after) {
  std::vector<Cover> all(static_cast<size_t>(after));
  const double size = static_cast<double>(before) / after;
  for (size_t k = 0; k < all.size(); ++k) {
    const double from = static_cast<double>(k) * size, to = std::min(from + size, 1.0 * before);
    all[k].first = static_cast<size_t>(from);
    for (double at = std::floor(from); at < to - 1e-9; ++at)
      all[k].shares.push_back(static_cast<float>((std::min(to, at + 1) - std::max(from, at)) / size));
  }
  return all;
}

core::Image scaled(const core::Image& image, int width, int height) {
  core::check(width >= 1 && height >= 1, "a picture of {} x {} pixels cannot be made", width, height);
  const auto channels = static_cast<size_t>(image.channels);
  const size_t row = static_cast<size_t>(image.width) * channels;
  const auto columns = covers(image.width, width), rows = covers(image.height, height);
  core::Image made{width, height, image.channels, {}};
  made.pixels.reserve(columns.size() * rows.size() * channels);
  std::vector<float> sums(row);  // one new row, still at full width
  for (const Cover& down : rows) {
    std::fill(sums.begin(), sums.end(), 0.5f);  // rounds
    for (size_t k = 0; k < down.shares.size(); ++k) {
      const uint8_t* from = image.pixels.data() + (down.first + k) * row;
      for (size_t x = 0; x < row; ++x) sums[x] += down.shares[k] * static_cast<float>(from[x]);
    }
    for (const Cover& across : columns)
      for (size_t c = 0; c < channels; ++c) {
        float sum = 0;
        for (size_t k = 0; k < across.shares.size(); ++k)
          sum += across.shares[k] * sums[(across.first + k) * channels + c];
        made.pixels.push_back(static_cast<uint8_t>(std::min(255.0f, sum)));
      }
  }
  return made;
}

}  // namespace render
