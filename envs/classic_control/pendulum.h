// Pendulum: swing a rod up with a weak motor and hold it there. Equations, limits and cost as in Gymnasium's
// pendulum.py (after the swing-up task of Doya 2000). SI units, radians; angle 0 is upright.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/options.h"
#include "envs/description.h"
#include "envs/envs.h"
#include "envs/precision.h"
#include "envs/scene.h"

namespace envs {

struct PendulumParams {
  double gravity = 10, mass = 1, length = 1, dt = 0.05, max_torque = 2, max_speed = 8;
  double start_angle = std::numbers::pi, start_speed = 1;

  void fields(core::Fields& f) {
    f.add("gravity", gravity, "Acceleration of gravity", {.unit = "m/s^2"});
    f.add("mass", mass, "Mass of the rod", {.min = 0, .above = true, .unit = "kg"});
    f.add("length", length, "Length of the rod", {.min = 0, .above = true, .unit = "m"});
    f.add("dt", dt, "Time of one step", {.min = 0, .above = true, .unit = "s"});
    f.add("max_torque", max_torque, "Torques are clipped to plus or minus this",
          {.min = 0, .above = true, .unit = "N m"});
    f.add("max_speed", max_speed, "Angular speeds are clipped to plus or minus this",
          {.min = 0, .above = true, .unit = "rad/s"});
    f.add("start_angle", start_angle, "Episodes start at an angle in plus or minus this",
          {.min = 0, .unit = "rad"});
    f.add("start_speed", start_speed, "Episodes start at a speed in plus or minus this",
          {.min = 0, .unit = "rad/s"});
  }
};

template <class Math>
struct Pendulum {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = PendulumParams;
  using Action = float;  // torque [N m]
  struct State {
    Real theta, theta_dot;  // the angle is not wrapped
    Real torque;            // of the last step, for drawing
  };
  struct Obs {
    float cos, sin, theta_dot;
  };

  Params p;

  Spec spec() const {
    const float speed = float(p.max_speed), torque = float(p.max_torque);
    return {.observation = Space::box({-1, -1, -speed}, {1, 1, speed}),
            .action = Space::box({-torque}, {torque}),
            .fps = 30};
  }

  State reset(Random& random) const {
    const Real angle = Real(p.start_angle), speed = Real(p.start_speed);
    const Real theta = random.uniform(-angle, angle), theta_dot = random.uniform(-speed, speed);
    return {theta, theta_dot, 0};
  }

  // The cost is that of the state before the step.
  Outcome step(State& s, Action action, Random&) const {
    const Real pi = std::numbers::pi_v<Real>, dt = Real(p.dt), max_speed = Real(p.max_speed);
    const Real weight = Real(3 * p.gravity / (2 * p.length)),
               drive = Real(3.0 / (p.mass * (p.length * p.length)));
    const Real u = clip(Real(action), Real(p.max_torque));
    const Real angle = Math::modulo(s.theta + pi, 2 * pi) - pi;
    const Real cost = angle * angle + Real(0.1) * (s.theta_dot * s.theta_dot) + Real(0.001) * (u * u);

    s.theta_dot = clip(s.theta_dot + (weight * Math::sin(s.theta) + drive * u) * dt, max_speed);
    s.theta = s.theta + s.theta_dot * dt;
    s.torque = u;
    return {float(-cost), 0};
  }

  Obs observe(const State& s) const {
    return {float(Math::cos(s.theta)), float(Math::sin(s.theta)), float(s.theta_dot)};
  }

  void draw(const State& s, core::Canvas& canvas) const {
    const double reach = p.length, theta = double(s.theta);
    const core::Vec tip{-reach * std::sin(theta), reach * std::cos(theta)};  // positive angles turn left
    canvas.view({-1.3 * reach, -1.3 * reach, 2.6 * reach, 2.6 * reach}, scene::paper);
    canvas.circle({0, 0}, reach, core::outlined(scene::grid, 0.01 * reach));
    canvas.circle({0, reach}, 0.05 * reach, core::filled(scene::goal));
    canvas.object("rod");
    canvas.line({0, 0}, tip, scene::body, 0.16 * reach);
    canvas.circle({0, 0}, 0.08 * reach, core::filled(scene::body));
    canvas.circle(tip, 0.08 * reach, core::filled(scene::body));
    canvas.circle({0, 0}, 0.04 * reach, core::filled(scene::ink));
    canvas.object("");
    scene::turn_arrow(canvas, {0, 0}, 0.3 * reach, double(s.torque) / p.max_torque);
  }

 private:
  static Real clip(Real x, Real most) {
    x = x < -most ? -most : x;
    return x > most ? most : x;
  }
};

// Energy pumping far from the top (Astrom & Furuta 2000), a spring and damper near it.
inline Controller pendulum_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* o = reinterpret_cast<const float*>(obs);
    const double theta = std::atan2(double(o[1]), double(o[0])), speed = double(o[2]);
    const double energy = speed * speed / 6 + 5 * (double(o[0]) - 1);  // 0 at rest on top; J, defaults
    const double pump = energy < 0 ? (speed < 0 ? -2 : 2) : -speed * energy;
    const double hold = -10 * theta - 2.5 * speed;
    *out.continuous = float(std::clamp(std::abs(theta) < 0.4 ? hold : pump, -2.0, 2.0));
  };
}

inline constexpr EnvDescription pendulum_description{
    .observation = "cosine and sine of the angle from upright, angular speed [rad/s]",
    .action = "torque [N m]; what lies beyond the bounds is clipped",
    .reward = "-(angle^2 + 0.1 speed^2 + 0.001 torque^2), of the state before the step; -16.27 .. 0",
    .end = "never before the time limit",
    .observation_names = {"cosine", "sine", "angular speed"}};

}  // namespace envs
