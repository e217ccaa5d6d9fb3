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

  State reset(Random& random) const { return MountainCar<Math>{p}.reset(random); }

  // Whatever is pushed counts in the cost, but only -1 .. 1 of it in the force.
  Outcome step(State& s, Action action, Random&) const {
    const Real push = std::min(std::max(Real(action), Real(-1)), Real(1));
    const Real v = s.velocity + (push * Real(p.force) - Real(p.gravity) * Math::cos(3 * s.position));
    const int32_t there = MountainCar<Math>::roll(p, s, v, push);
    s.position = Real(float(s.position));
    s.velocity = Real(float(s.velocity));  // Gymnasium keeps float32
    const Real cost = Real(action) * Real(action) * Real(0.1);
    return {float((there ? Real(100) : Real(0)) - cost), there};
  }

  Obs observe(const State& s) const { return {float(s.position), float(s.velocity)}; }
  void draw(const State& s, core::Canvas& canvas) const { MountainCar<Math>{p}.draw(s, canvas); }
};

// Pushes the way it rolls, gently: a longer swing costs less than a stronger push.
inline Controller mountain_car_continuous_controller() {
  return [](const std::byte* obs, ActionOut out) {
    *out.continuous = reinterpret_cast<const float*>(obs)[1] < 0 ? -0.6f : 0.6f;
  };
}

inline constexpr EnvDescription mountain_car_continuous_description{
    .observation = "position along the valley (-1.2 .. 0.6), speed (-0.07 .. 0.07)",
    .action = "force; the environment clips it to -1 .. 1",
    .reward = "-0.1 action^2 a step, of the action before clipping; 100 more at the goal",
    .end = "the car is at 0.45 or beyond, with `goal_velocity` or more",
    .observation_names = {"position", "speed"}};

}  // namespace envs
