#include "agents/tabular/tile_coder.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace agents {

void TileOptions::fields(core::Fields& own) {
  own.add("tilings", tilings, "Grids over the observations, each a little displaced",
          {.min = 1, .max = 1024, .unit = "grids"});
  own.add("tiles", tiles, "Tiles of a grid along each number of an observation",
          {.min = 1, .max = 1e6, .unit = "tiles"});
  own.add("low", low, "Where the grids begin, for each number of an observation; none: its lower bound");
  own.add("high", high, "Where they end; none: its upper bound");
}

static constexpr int64_t most_tiles = 100'000'000;  // 0.8 GB of weights for each action

static std::vector<double> bounds(const std::string& key, const std::vector<double>& given,
                                  const std::vector<float>& own) {
  core::check(given.empty() || given.size() == own.size(), "{}: expected {} numbers, found {}", key,
              own.size(), given.size());
  std::vector<double> all = given;
  if (all.empty()) all.assign(own.begin(), own.end());
  for (size_t d = 0; d < all.size(); ++d)
    core::check(std::isfinite(all[d]) && std::abs(all[d]) < 1e30,
                "{}: number {} of the observation has no bound of its own; expected {} numbers", key, d,
                own.size());
  return all;
}

TileCoder::TileCoder(const std::string& section, const envs::Space& space, const TileOptions& options)
    : tilings_(options.tilings), tiles_(options.tiles), tiles_each_(1) {
  const auto low = bounds(section + ".low", options.low, space.low),
             high = bounds(section + ".high", options.high, space.high);
  for (size_t d = 0; d < low.size(); ++d) {
    core::check(low[d] < high[d], "{}.high: expected more than the low {} of number {}, found {}", section,
                low[d], d, high[d]);
    axes_.push_back({low[d], static_cast<double>(tiles_) / (high[d] - low[d])});
    core::check(tiles_each_ <= most_tiles / ((tiles_ + 1) * tilings_),
                "{}.tiles: {} along each of {} numbers, in {} grids, are more than {} tiles", section, tiles_,
                low.size(), tilings_, most_tiles);
    tiles_each_ *= tiles_ + 1;  // a displaced grid has one more
  }
  const auto D = std::ssize(axes_);
  for (int64_t k = 0; k < tilings_; ++k)
    for (int64_t d = 0; d < D; ++d)
      displacements_.push_back(static_cast<double>((2 * d + 1) * k % tilings_) /
                               static_cast<double>(tilings_));
}

void TileCoder::active(const float* point, int64_t* active) const {
  const double* displacement = displacements_.data();
  for (int64_t k = 0; k < tilings_; ++k) {
    int64_t tile = k;
    for (size_t d = 0; d < axes_.size(); ++d) {
      const double at = (static_cast<double>(point[d]) - axes_[d].low) * axes_[d].tiles_per_unit;
      const double within = at > 0 ? std::min(at, static_cast<double>(tiles_)) : 0;  // of no number, too
      tile = tile * (tiles_ + 1) + static_cast<int64_t>(within + *displacement++);
    }
    active[k] = tile;
  }
}

}  // namespace agents
