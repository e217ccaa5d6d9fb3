// CarTrack: CarRacing's car on CarRacing's tracks, driven for rounds by lidar. A game of our own; metres,
// seconds, radians.
#pragma once

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/race.h"
#include "envs/envs.h"

namespace envs {

struct CarTrackParams {
  int64_t laps = 2;

  void fields(core::Fields& f) {
    f.add("laps", laps, "Rounds until the episode ends", {.min = 1, .max = 100});
  }
  void check() const {}
};

class CarTrack {
 public:
  using Params = CarTrackParams;
  using Action = float;  // steering, pedal
  using Item = float;
  static constexpr size_t rays = 17;
  static constexpr double range = 60;

  static Spec spec();
  CarTrack(const Params& params, core::Pcg64& random);

  Outcome step(const Action* action, core::Pcg64&);
  void observe(Item* row) const;  // [21]
  void draw(core::Canvas& canvas) const;

  const Race& race() const { return race_; }
  double progress() const { return double(passed_) + ahead_ / Track::step; }  // points of the track
  double aside() const { return aside_; }  // to the right of the road's middle
  double angle_of(size_t ray) const;       // in the world: from right of the car to left of it

 private:
  void locate();

  Race race_;
  int64_t laps_;
  size_t point_ = 0;              // of the track, the nearest
  int64_t passed_ = 0;            // points, since the start; those passed backwards count as -1
  double ahead_ = 0, aside_ = 0;  // of the nearest one
  double score_ = 0;
};

// Steers to where there is the most room.
Controller cartrack_controller();

}  // namespace envs
