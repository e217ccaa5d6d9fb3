// Acrobot: two links hang from a bar; a motor between them must swing the free end above it. Sutton (1996);
// equations of Sutton & Barto's book, one Runge-Kutta step, limits as in Gymnasium's acrobot.py. SI units,
// radians; the angles are 0 when all hangs down, the second one is relative to the first link.
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

struct AcrobotParams {
  double gravity = 9.8, length_1 = 1, mass_1 = 1, mass_2 = 1, center_1 = 0.5, center_2 = 0.5;
  double inertia = 1, torque = 1, dt = 0.2, start = 0.1;
  double max_speed_1 = 4 * std::numbers::pi, max_speed_2 = 9 * std::numbers::pi;

  void fields(core::Fields& f) {
    f.add("gravity", gravity, "Acceleration of gravity", {.unit = "m/s^2"});
    f.add("length_1", length_1, "Length of the upper link", {.min = 0, .above = true, .unit = "m"});
    f.add("mass_1", mass_1, "Mass of the upper link", {.min = 0, .above = true, .unit = "kg"});
    f.add("mass_2", mass_2, "Mass of the lower link", {.min = 0, .above = true, .unit = "kg"});
    f.add("center_1", center_1, "Where the upper link's centre of mass lies, from its upper end",
          {.min = 0, .unit = "m"});
    f.add("center_2", center_2, "Where the lower link's centre of mass lies, from its upper end",
          {.min = 0, .unit = "m"});
    f.add("inertia", inertia, "Moment of inertia of either link",
          {.min = 0, .above = true, .unit = "kg m^2"});
    f.add("torque", torque, "Torque of the motor, either way", {.unit = "N m"});
    f.add("dt", dt, "Time of one step", {.min = 0, .above = true, .unit = "s"});
    f.add("start", start, "All four state variables start in plus or minus this", {.min = 0});
    f.add("max_speed_1", max_speed_1, "The upper link's speed is clipped to plus or minus this",
          {.min = 0, .above = true, .unit = "rad/s"});
    f.add("max_speed_2", max_speed_2, "The lower link's speed is clipped to plus or minus this",
          {.min = 0, .above = true, .unit = "rad/s"});
  }
};

template <class Math>
struct Acrobot {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = AcrobotParams;
  using Action = int32_t;  // 0 a negative torque, 1 none, 2 a positive one
  struct State {
    Real theta_1, theta_2, speed_1, speed_2;
    Real torque;  // -1, 0 or 1, of the last step, for drawing
    Real fresh;   // 1 until the first step
  };
  struct Obs {
    float cos_1, sin_1, cos_2, sin_2, speed_1, speed_2;
  };

  Params p;

  Spec spec() const {
    const float fast_1 = float(p.max_speed_1), fast_2 = float(p.max_speed_2);
    return {.observation = Space::box({-1, -1, -1, -1, -fast_1, -fast_2}, {1, 1, 1, 1, fast_1, fast_2}),
            .action = Space::discrete(3),
            .fps = 15};
  }

  // Gymnasium's first state is float32.
  State reset(Random& random) const {
    const auto draw = [&] { return Real(float(random.uniform(Real(-p.start), Real(p.start)))); };
    const Real theta_1 = draw(), theta_2 = draw(), speed_1 = draw(), speed_2 = draw();
    return {theta_1, theta_2, speed_1, speed_2, 0, 1};
  }

  Outcome step(State& s, Action action, Random&) const {
    const Real dt = Real(p.dt), half = Real(p.dt / 2), sixth = Real(p.dt / 6), way = Real(action - 1);
    const Real torque = way * Real(p.torque), pi = std::numbers::pi_v<Real>;
    const Motion at{s.theta_1, s.theta_2, s.speed_1, s.speed_2};
    const Motion k1 = change(at, torque), k2 = change(moved(at, half, k1), torque),
                 k3 = change(moved(at, half, k2), torque), k4 = change(moved(at, dt, k3), torque);
    const auto next = [sixth](Real x, Real a, Real b, Real c, Real d) {
      return x + sixth * (a + 2 * b + 2 * c + d);
    };
    s.theta_1 = Math::wrap(next(at.theta_1, k1.theta_1, k2.theta_1, k3.theta_1, k4.theta_1), pi);
    s.theta_2 = Math::wrap(next(at.theta_2, k1.theta_2, k2.theta_2, k3.theta_2, k4.theta_2), pi);
    s.speed_1 = clip(next(at.speed_1, k1.speed_1, k2.speed_1, k3.speed_1, k4.speed_1), Real(p.max_speed_1));
    s.speed_2 = clip(next(at.speed_2, k1.speed_2, k2.speed_2, k3.speed_2, k4.speed_2), Real(p.max_speed_2));
    s.torque = way;
    s.fresh = 0;
    const int32_t there = -Math::cos(s.theta_1) - Math::cos(s.theta_2 + s.theta_1) > 1;
    return {there ? 0.0f : -1.0f, there};
  }

  Obs observe(const State& s) const {
    return {cos(s.theta_1, s.fresh), sin(s.theta_1, s.fresh), cos(s.theta_2, s.fresh),
            sin(s.theta_2, s.fresh), float(s.speed_1),        float(s.speed_2)};
  }

  void draw(const State& s, core::Canvas& canvas) const {
    const double length_2 = 2 * p.center_2, reach = p.length_1 + length_2, first = double(s.theta_1),
                 both = first + double(s.theta_2);
    const core::Vec elbow{p.length_1 * std::sin(first), -p.length_1 * std::cos(first)};
    const core::Vec tip{elbow.x + length_2 * std::sin(both), elbow.y - length_2 * std::cos(both)};
    canvas.view({-1.2 * reach, -1.2 * reach, 2.4 * reach, 2.4 * reach}, scene::paper);
    for (int dash = 0; dash < 12; ++dash)
      canvas.line({reach * (dash / 5.0 - 1.2), 1}, {reach * (dash / 5.0 - 1.08), 1}, scene::goal, 0.025);
    canvas.line({-0.28, 0}, {0.28, 0}, scene::steel, 0.05);
    canvas.object("upper link");
    canvas.line({0, 0}, elbow, scene::ink, 0.16);
    canvas.object("lower link");
    canvas.line(elbow, tip, scene::body, 0.16);
    canvas.object("");
    for (const core::Vec end : {core::Vec{0, 0}, elbow}) canvas.circle(end, 0.08, core::filled(scene::ink));
    canvas.circle(tip, 0.08, core::filled(scene::body));
    for (const core::Vec joint : {core::Vec{0, 0}, elbow})
      canvas.circle(joint, 0.045, core::filled(scene::paper));
    scene::turn_arrow(canvas, elbow, 0.3, double(s.torque));
  }

 private:
  // Gymnasium's first state has the cosines and sines of float32, the later ones those of double.
  static float cos(Real x, Real fresh) { return fresh != 0 ? Math::cos_32(float(x)) : float(Math::cos(x)); }
  static float sin(Real x, Real fresh) { return fresh != 0 ? Math::sin_32(float(x)) : float(Math::sin(x)); }

  struct Motion {
    Real theta_1, theta_2, speed_1, speed_2;
  };

  static Motion moved(const Motion& at, Real time, const Motion& rate) {
    return {at.theta_1 + time * rate.theta_1, at.theta_2 + time * rate.theta_2,
            at.speed_1 + time * rate.speed_1, at.speed_2 + time * rate.speed_2};
  }

  // Time derivative. Products and sums in Gymnasium's order, so that no bit differs.
  Motion change(const Motion& s, Real torque) const {
    const double arm = p.mass_2 * p.length_1 * p.center_2, swing = p.mass_2 * (p.center_2 * p.center_2);
    const Real quarter = Real(std::numbers::pi / 2), link = Real(p.length_1 * p.center_2);
    const Real cos_2 = Math::cos(s.theta_2), sin_2 = Math::sin(s.theta_2);
    const Real d1 = Real(p.mass_1 * (p.center_1 * p.center_1)) +
                    Real(p.mass_2) * (Real(p.length_1 * p.length_1 + p.center_2 * p.center_2) +
                                      Real(2 * p.length_1 * p.center_2) * cos_2) +
                    Real(p.inertia) + Real(p.inertia);
    const Real d2 = Real(p.mass_2) * (Real(p.center_2 * p.center_2) + link * cos_2) + Real(p.inertia);
    const Real phi2 = Real(p.mass_2 * p.center_2 * p.gravity) * Math::cos(s.theta_1 + s.theta_2 - quarter);
    const Real phi1 =
        Real(-arm) * Math::square(s.speed_2) * sin_2 -
        Real(2 * p.mass_2 * p.length_1 * p.center_2) * s.speed_2 * s.speed_1 * sin_2 +
        Real((p.mass_1 * p.center_1 + p.mass_2 * p.length_1) * p.gravity) * Math::cos(s.theta_1 - quarter) +
        phi2;
    const Real acc_2 = (torque + d2 / d1 * phi1 - Real(arm) * Math::square(s.speed_1) * sin_2 - phi2) /
                       (Real(swing) + Real(p.inertia) - Math::square(d2) / d1);
    return {s.speed_1, s.speed_2, -(d2 * acc_2 + phi1) / d1, acc_2};
  }

  static Real clip(Real x, Real most) { return std::min(std::max(x, -most), most); }
};

// Kicks the lower link against the upper one's swing, which pumps energy into both.
inline Controller acrobot_controller() {
  return [](const std::byte* obs, ActionOut out) {
    *out.discrete = reinterpret_cast<const float*>(obs)[4] > 0 ? 0 : 2;
  };
}

inline constexpr EnvDescription acrobot_description{
    .observation =
        "cosine and sine of the upper link's angle from hanging, then of the lower link's from the upper "
        "one, then both angular speeds [rad/s]",
    .action = "torque on the joint between the links: 0, 1, 2 for -1, 0, 1 N m",
    .reward = "-1 a step, 0 on the one that reaches the goal",
    .end = "the free end is more than a link's length above the bar",
    .action_names = {"left torque", "nothing", "right torque"},
    .observation_names = {"cosine, upper", "sine, upper", "cosine, lower", "sine, lower", "speed, upper",
                          "speed, lower"}};

}  // namespace envs
