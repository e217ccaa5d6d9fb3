// Tile coding (Albus 1975; Sutton & Barto 2018, section 9.5.4): several grids over a box, the k-th displaced
// by k/n of a tile times 1, 3, 5, ... along the axes (Miller & Glanz 1996). A point lies in one tile of each
// grid.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"
#include "envs/space.h"

namespace agents {

struct TileOptions {
  int64_t tilings = 8, tiles = 8;
  std::vector<double> low, high;  // empty: of the observation space

  void fields(core::Fields& own);
};

class TileCoder {
 public:
  // Of a Box of D numbers. Error, whose message begins with `section`, where a bound is missing or there are
  // too many tiles.
  TileCoder(const std::string& section, const envs::Space& space, const TileOptions& options);

  int64_t tilings() const { return tilings_; }
  int64_t size() const { return tilings_ * tiles_each_; }  // of all grids
  // The tile of each grid that the point [D] lies in, 0 .. size() - 1, into active [tilings]. Beyond a bound
  // it is that bound's.
  void active(const float* point, int64_t* active) const;

 private:
  struct Axis {
    double low, tiles_per_unit;
  };

  int64_t tilings_, tiles_, tiles_each_;
  std::vector<Axis> axes_;             // [D]
  std::vector<double> displacements_;  // [tilings, D], of a tile
};

}  // namespace agents
