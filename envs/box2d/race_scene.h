// How a race looks from above, the car in the middle and heading up: as Gymnasium's car_racing.py shows it,
// in a picture of 1000 x 800 whose lower end is a panel of what cannot be seen. On any canvas, and painted by
// hand for agents, 96 x 96 pixels.
#pragma once

#include <vector>

#include "core/coverage.h"
#include "envs/box2d/race.h"

namespace envs {

struct RaceColors {
  core::Color road{102, 102, 102}, field{102, 204, 102}, grass{102, 230, 102};
};

struct RaceView {
  const Race& race;
  RaceColors colors;
  double seconds;                        // since the start: in the first one the camera comes down
  double score;                          // on the panel
  std::span<const core::Vec> rays = {};  // from the car to there
};

class RaceEye {
 public:
  static constexpr int side = 96;  // pixels; the picture is pressed to a square

  void see(const RaceView& view, uint8_t* rgb);  // [96, 96, 3]

 private:
  void fill(std::span<const core::Vec> corners, core::Color color);

  std::vector<uint32_t> words_ = std::vector<uint32_t>(size_t{side} * side);  // [96, 96] of 0x00RRGGBB
  core::Coverage coverage_{side, side, 8};  // as many lines as Gymnasium's larger picture has in a pixel
};

void draw_race(const RaceView& view, core::Canvas& canvas);

}  // namespace envs
