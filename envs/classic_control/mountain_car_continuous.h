// MountainCarContinuous: the mountain car with a push of any strength, which costs its square. Equations,
// limits and reward as in Gymnasium's continuous_mountain_car.py. Positions in m, velocities in m per step.
#pragma once

#include <algorithm>

#include "envs/classic_control/mountain_car.h"

namespace envs {

template <class Math>
struct MountainCarContinuous {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = MountainCarParams;
  using Action = float;  // push, of the strongest
  using State = typename MountainCar<Math>::State;
  using Obs = typename MountainCar<Math>::Obs;

  Params p{.force = 0.0015, .goal_position = 0.45};

  Spec spec() const { return {.observation = p.observation(), .action = Space::box({-1}, {1}), .fps = 30}; }

  State reset(Random& random) const { return {random.uniform(Real(p.start_low), Real(p.start_high)), 0, 0}; }

  // Whatever is pushed counts in the cost, but only -1 .. 1 of it in the force.
  Outcome step(State& s, Action action, Random&) const {
    const Real speed = Real(p.max_speed), low = Real(p.min_position), high = Real(p.max_position);
    const Real push = std::min(std::max(Real(action), Real(-1)), Real(1));
    Real v = s.velocity + (push * Real(p.force) - Real(p.gravity) * Math::cos(3 * s.position));
    v = std::min(std::max(v, -speed), speed);
    const Real x = std::min(std::max(s.position + v, low), high);
    v = ((x == low) & (v < 0)) ? 0 : v;

    const int32_t there = (x >= Real(p.goal_position)) & (v >= Real(p.goal_velocity));
    const Real cost = Real(action) * Real(action) * Real(0.1);
    s = {Real(float(x)), Real(float(v)), push};  // Gymnasium keeps float32 between steps
    return {float((there ? Real(100) : Real(0)) - cost), there};
  }

  Obs observe(const State& s) const { return {float(s.position), float(s.velocity)}; }

  void draw(const State& s, core::Canvas& canvas) const {
    draw_valley({p.min_position, p.max_position, p.goal_position}, double(s.position), double(s.push),
                canvas);
  }
};

// Pushes the way it rolls, gently: a longer swing costs less than a stronger push.
inline Controller mountain_car_continuous_controller() {
  return [](const std::byte* obs, ActionOut out) {
    *out.continuous = reinterpret_cast<const float*>(obs)[1] < 0 ? -0.6f : 0.6f;
  };
}

inline constexpr Facts mountain_car_continuous_facts{
    .observation = "position along the valley (-1.2 .. 0.6), speed (-0.07 .. 0.07)",
    .action = "force; the environment clips it to -1 .. 1",
    .reward = "-0.1 action^2 a step, of the action before clipping; 100 more at the goal",
    .end = "the car is at 0.45 or beyond, with `goal_velocity` or more"};

}  // namespace envs
