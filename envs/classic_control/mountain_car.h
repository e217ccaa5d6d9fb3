// MountainCar: a car too weak for the slope swings to and fro until it reaches the flag. Moore (1990);
// equations and limits as in Gymnasium's mountain_car.py. Positions in m, velocities in m per step.
#pragma once

#include <algorithm>

#include "core/options.h"
#include "envs/classic_control/valley.h"
#include "envs/description.h"
#include "envs/envs.h"
#include "envs/precision.h"

namespace envs {

struct MountainCarParams {
  double force = 0.001, gravity = 0.0025, min_position = -1.2, max_position = 0.6, max_speed = 0.07;
  double goal_position = 0.5, goal_velocity = 0, start_low = -0.6, start_high = -0.4;

  void fields(core::Fields& f) {
    f.add("force", force, "Speed that a full push adds in one step", {.min = 0, .unit = "m/step^2"});
    f.add("gravity", gravity, "Speed that the steepest slope takes in one step", {.unit = "m/step^2"});
    f.add("min_position", min_position, "The valley's left end: a wall", {.unit = "m"});
    f.add("max_position", max_position, "The valley's right end", {.unit = "m"});
    f.add("max_speed", max_speed, "Speeds are clipped to plus or minus this",
          {.min = 0, .above = true, .unit = "m/step"});
    f.add("goal_position", goal_position, "Where the flag stands", {.unit = "m"});
    f.add("goal_velocity", goal_velocity, "Least velocity that counts at the flag", {.unit = "m/step"});
    f.add("start_low", start_low, "Episodes start at rest, to the right of this", {.unit = "m"});
    f.add("start_high", start_high, "Episodes start at rest, to the left of this", {.unit = "m"});
  }

  Space observation() const {
    const float speed = float(max_speed);
    return Space::box({float(min_position), -speed}, {float(max_position), speed});
  }
};

template <class Math>
struct MountainCar {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = MountainCarParams;
  using Action = int32_t;  // 0 pushes left, 1 does nothing, 2 pushes right
  struct State {
    Real position, velocity;
    Real push;  // -1 .. 1, of the last step, for drawing
  };
  struct Obs {
    float position, velocity;
  };

  Params p;

  Spec spec() const { return {.observation = p.observation(), .action = Space::discrete(3), .fps = 30}; }

  State reset(Random& random) const { return {random.uniform(Real(p.start_low), Real(p.start_high)), 0, 0}; }

  Outcome step(State& s, Action action, Random&) const {
    const Real push = Real(action - 1);
    const Real v = s.velocity + (push * Real(p.force) + Math::cos(3 * s.position) * Real(-p.gravity));
    return {-1, roll(p, s, v, push)};
  }

  // Rolls on at velocity v, within the bounds; the left end is a wall. Returns whether the flag is reached.
  static int32_t roll(const Params& p, State& s, Real v, Real push) {
    const Real speed = Real(p.max_speed), low = Real(p.min_position), high = Real(p.max_position);
    v = std::min(std::max(v, -speed), speed);
    const Real x = std::min(std::max(s.position + v, low), high);
    v = ((x == low) & (v < 0)) ? 0 : v;
    s = {x, v, push};
    return (x >= Real(p.goal_position)) & (v >= Real(p.goal_velocity));
  }

  Obs observe(const State& s) const { return {float(s.position), float(s.velocity)}; }

  void draw(const State& s, core::Canvas& canvas) const {
    draw_valley({p.min_position, p.max_position, p.goal_position}, double(s.position), double(s.push),
                canvas);
  }
};

// Pushes the way it rolls: every swing goes higher.
inline Controller mountain_car_controller() {
  return [](const std::byte* obs, ActionOut out) {
    *out.discrete = reinterpret_cast<const float*>(obs)[1] < 0 ? 0 : 2;
  };
}

inline constexpr EnvDescription mountain_car_description{
    .observation = "position along the valley (-1.2 .. 0.6), speed (-0.07 .. 0.07)",
    .action = "0 pushes to the left, 1 not at all, 2 to the right",
    .reward = "-1 a step",
    .end = "the car is at 0.5 or beyond, with `goal_velocity` or more",
    .action_names = {"left", "nothing", "right"},
    .observation_names = {"position", "speed"}};

}  // namespace envs
