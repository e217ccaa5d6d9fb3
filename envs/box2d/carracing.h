// CarRacing: drive a round on a track that is drawn for each episode, by what is seen from above. Rules,
// draws, rewards and ends as in Gymnasium's car_racing.py (v3), on Box2D 2.4; the picture is its picture,
// painted by hand.
#pragma once

#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/race.h"
#include "envs/box2d/race_scene.h"
#include "envs/envs.h"

namespace envs {

struct CarRacingParams {
  bool continuous = true, domain_randomize = false;
  double lap_complete_percent = 0.95;

  void fields(core::Fields& f) {
    f.add("continuous", continuous,
          "Whether actions are steering, gas and brake; else one of five: nothing, right, left, gas, brake");
    f.add("domain_randomize", domain_randomize, "Whether each episode draws colours of its own");
    f.add(
        "lap_complete_percent", lap_complete_percent,
        "Share of the tiles that a lap needs when the first one is met for the first time; the car begins on "
        "it, so that a lap takes all tiles, as in Gymnasium, unless this is next to 0",
        {.min = 0, .max = 1});
  }
  void check() const {}
};

// The rules, whatever the actions are.
class CarRace {
 public:
  CarRace(const CarRacingParams& params, core::Pcg64& random);

  Outcome step(const Car::Pedals& pedals);
  const Race& race() const { return race_; }
  void observe(uint8_t* row, RaceEye& eye) const;  // [96, 96, 3]
  void draw(core::Canvas& canvas) const;

 private:
  void drive(const Car::Pedals& pedals);
  RaceView seen() const;

  double lap_complete_percent_;
  RaceColors colors_;
  Race race_;
  size_t visited_ = 0;                // tiles that have been rewarded
  double reward_ = 0, rewarded_ = 0;  // so far; before this step
  double shown_ = 0;                  // what the picture has of it: all but this step's 0.1
  int32_t age_ = 0;                   // steps, reset's own included
};

// Action: int64_t (0 nothing, 1 right, 2 left, 3 gas, 4 brake) or float (steering, gas, brake).
template <class A>
class CarRacing {
 public:
  using Params = CarRacingParams;
  using Action = A;
  using Item = uint8_t;
  using Scratch = RaceEye;

  static Spec spec();
  static Car::Pedals pedals(const Action* action);

  CarRacing(const Params& params, core::Pcg64& random) : race_(params, random) {}
  Outcome step(const Action* action, core::Pcg64&) { return race_.step(pedals(action)); }
  void observe(Item* row, RaceEye& eye) const { race_.observe(row, eye); }
  void draw(core::Canvas& canvas) const { race_.draw(canvas); }

 private:
  CarRace race_;
};

// Follows the road that it sees ahead, in its usual colours; continuous.
Controller carracing_controller();

}  // namespace envs
