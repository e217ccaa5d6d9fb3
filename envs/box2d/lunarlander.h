// LunarLander: set a lander down between two flags with a main engine and two side engines. Constants, draws,
// rewards and ends as in Gymnasium's lunar_lander.py (v3), on Box2D 2.4.
#pragma once

#include <optional>

#include "core/error.h"
#include "core/options.h"
#include "core/random.h"
#include "envs/box2d/hinge.h"
#include "envs/box2d/world.h"
#include "envs/envs.h"

namespace envs {

struct LunarLanderParams {
  double gravity = -10, wind_power = 15, turbulence_power = 1.5;
  bool enable_wind = false;

  void fields(core::Fields& f) {
    f.add("gravity", gravity, "Acceleration of gravity, downwards",
          {.min = -12, .max = 0, .above = true, .unit = "m/s^2"});
    f.add("enable_wind", enable_wind, "Whether wind pushes and turns the lander while no leg touches");
    f.add("wind_power", wind_power, "Largest force of the wind", {.min = 0, .max = 20, .unit = "N"});
    f.add("turbulence_power", turbulence_power, "Largest torque of the wind",
          {.min = 0, .max = 2, .unit = "N m"});
  }
  void check() const { core::check(gravity < 0, "gravity: expected below 0 m/s^2, found {}", gravity); }
};

// The lander and its moon, whatever the actions and wherever the draws come from.
class Lander {
 public:
  struct Start {
    std::array<double, 12> heights;          // of the terrain before it is levelled and smoothed [m]
    core::Vec force;                         // on the hull during the first step [N]
    int64_t wind_phase = 0, turn_phase = 0;  // where in their patterns wind and turbulence begin
  };
  struct Engines {
    double main = 0;  // 0, or 0.5 .. 1
    double side = 0;  // 0, or plus or minus 0.5 .. 1: negative pushes as action 1 does
  };
  using Dispersion = std::array<double, 2>;  // of the engines' exhaust in this step, -1 .. 1

  struct Pose {
    physics::BodyState hull;
    std::array<double, 2> angles, speeds;  // of either leg against the hull
    std::array<bool, 2> feet;              // which touch the ground
  };

  static Start draw_start(const LunarLanderParams& params, core::Pcg64& random);
  static Dispersion draw_dispersion(core::Pcg64& random);

  Lander(const LunarLanderParams& params, const Start& start);
  Lander(const Lander&) = delete;
  Lander& operator=(const Lander&) = delete;

  Outcome step(const Engines& engines, const Dispersion& dispersion);
  void pose(const Pose& pose);         // goes on from there
  void observe(float* row) const;      // [8]
  std::array<double, 2> legs() const;  // their angles against the hull
  const b2World& world() const { return world_; }
  void draw(core::Canvas& canvas) const;

 private:
  void add_moon();
  void add_lander(core::Vec force);
  void blow();
  void fire_main(double power, const Dispersion& dispersion);
  void fire_side(double power, const Dispersion& dispersion);
  std::array<double, 8> state() const;
  double shaping() const;

  LunarLanderParams params_;
  b2World world_;
  physics::ContactListener touch_;
  b2Body* hull_ = nullptr;
  std::array<b2Body*, 2> legs_{};
  std::array<physics::HingeMasses, 2> hinge_masses_{};
  std::array<b2RevoluteJoint*, 2> joints_{};
  std::array<core::Vec, 11> surface_;  // the moon's corners, left to right
  int64_t wind_phase_, turn_phase_;
  std::optional<double> shaping_;  // of the step before
  Engines engines_;                // of the last step, for drawing
  int32_t age_ = 0;                // steps, for drawing
};

// Action: int64_t (0 nothing, 1 side engine, 2 main engine, 3 the other side engine) or float (main and side
// throttle).
template <class A>
class LunarLander {
 public:
  using Params = LunarLanderParams;
  using Action = A;
  using Item = float;

  static Spec spec();
  static Lander::Engines engines(const Action* action);

  LunarLander(const Params& params, core::Pcg64& random)
      : lander_(params, Lander::draw_start(params, random)) {
    lander_.step({}, Lander::draw_dispersion(random));
  }
  Outcome step(const Action* action, core::Pcg64& random) {
    return lander_.step(engines(action), Lander::draw_dispersion(random));
  }
  void observe(Item* row) const { lander_.observe(row); }
  void draw(core::Canvas& canvas) const { lander_.draw(canvas); }

 private:
  Lander lander_;
};

// Gymnasium's hand-written controller.
template <class A>
Controller lunarlander_controller();

}  // namespace envs
