// CartPole: keep a pole upright on a cart that is pushed left or right. Barto, Sutton & Anderson (1983);
// explicit Euler and limits as in Gymnasium's cartpole.py. SI units, radians.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/options.h"
#include "envs/description.h"
#include "envs/envs.h"
#include "envs/precision.h"
#include "envs/scene.h"

namespace envs {

struct CartPoleParams {
  double gravity = 9.8, cart_mass = 1.0, pole_mass = 0.1, half_length = 0.5, force = 10.0, tau = 0.02;
  double x_limit = 2.4, angle_limit = 12, start = 0.05;
  bool sutton_barto_reward = false;

  void fields(core::Fields& f) {
    f.add("gravity", gravity, "Acceleration of gravity", {.unit = "m/s^2"});
    f.add("cart_mass", cart_mass, "Mass of the cart", {.min = 0, .above = true, .unit = "kg"});
    f.add("pole_mass", pole_mass, "Mass of the pole", {.min = 0, .above = true, .unit = "kg"});
    f.add("half_length", half_length, "Half the pole's length", {.min = 0, .above = true, .unit = "m"});
    f.add("force", force, "Force of a push to the left or right", {.unit = "N"});
    f.add("tau", tau, "Time of one step", {.min = 0, .above = true, .unit = "s"});
    f.add("x_limit", x_limit, "The cart fails beyond plus or minus this",
          {.min = 0, .above = true, .unit = "m"});
    f.add("angle_limit", angle_limit, "The pole fails beyond plus or minus this",
          {.min = 0, .above = true, .unit = "degrees"});
    f.add("start", start, "All four state variables start in plus or minus this", {.min = 0});
    f.add("sutton_barto_reward", sutton_barto_reward,
          "Reward 0 a step and -1 at the failure instead of 1 a step");
  }
};

template <class Math>
struct CartPole {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = CartPoleParams;
  using Action = int32_t;
  struct State {
    Real x, x_dot, theta, theta_dot;
  };
  struct Obs {
    float x, x_dot, theta, theta_dot;
  };
  struct Ahead {  // what a step asks libm for: of the pole's angle before it
    Real sin, cos;
  };

  Params p;

  Spec spec() const {
    const float inf = std::numeric_limits<float>::infinity(), x = float(2 * p.x_limit),
                angle = float(2 * theta_limit());
    return {.observation = Space::box({-x, -inf, -angle, -inf}, {x, inf, angle, inf}),
            .action = Space::discrete(2),
            .fps = 1 / p.tau};
  }

  State reset(Random& random) const {
    const Real low = Real(-p.start), high = Real(p.start);
    return {random.uniform(low, high), random.uniform(low, high), random.uniform(low, high),
            random.uniform(low, high)};
  }

  Ahead ahead(const State& s) const { return {Math::sin(s.theta), Math::cos(s.theta)}; }

  Outcome step(State& s, Action action, Random& random) const { return step(s, action, random, ahead(s)); }

  Outcome step(State& s, Action action, Random&, const Ahead& ahead) const {
    return push(s, action, Real(p.pole_mass * p.half_length), ahead);
  }

  // `pole_moment`: the pole's mass by the distance of its middle from the axle [kg m].
  Outcome push(State& s, Action action, Real pole_moment, const Ahead& ahead) const {
    const Real g = Real(p.gravity), tau = Real(p.tau), length = Real(p.half_length),
               pole_mass = Real(p.pole_mass), total_mass = Real(p.pole_mass + p.cart_mass);
    const Real x_limit = Real(p.x_limit), angle_limit = Real(theta_limit());
    const Real force = action == 1 ? Real(p.force) : Real(-p.force);
    const auto [sin, cos] = ahead;

    const Real pushed = (force + pole_moment * (s.theta_dot * s.theta_dot) * sin) / total_mass;
    const Real theta_acc =
        (g * sin - cos * pushed) / (length * (Real(4.0 / 3.0) - pole_mass * (cos * cos) / total_mass));
    const Real x_acc = pushed - pole_moment * theta_acc * cos / total_mass;

    s.x = s.x + tau * s.x_dot;
    s.x_dot = s.x_dot + tau * x_acc;
    s.theta = s.theta + tau * s.theta_dot;
    s.theta_dot = s.theta_dot + tau * theta_acc;
    const int32_t fell =
        (s.x < -x_limit) | (s.x > x_limit) | (s.theta < -angle_limit) | (s.theta > angle_limit);
    const float alive = p.sutton_barto_reward ? 0.0f : 1.0f, dead = p.sutton_barto_reward ? -1.0f : 1.0f;
    return {fell ? dead : alive, fell};
  }

  Obs observe(const State& s) const {
    return {float(s.x), float(s.x_dot), float(s.theta), float(s.theta_dot)};
  }

  void draw(const State& s, core::Canvas& canvas) const {
    const double x = double(s.x), theta = double(s.theta), reach = 2 * p.half_length, edge = p.x_limit;
    const core::Vec axle{x, 0.15}, tip{x + reach * std::sin(theta), 0.15 + reach * std::cos(theta)};
    canvas.view({-1.1 * edge, -0.6, 2.2 * edge, reach + 1.1}, scene::paper);
    canvas.line({-edge, -0.1}, {edge, -0.1}, scene::steel, 0.03);
    for (const double end : {-edge, edge}) canvas.line({end, -0.2}, {end, 0.05}, scene::danger, 0.04);
    const std::array<core::Vec, 4> cart{
        {{x - 0.25, -0.1}, {x + 0.25, -0.1}, {x + 0.25, 0.15}, {x - 0.25, 0.15}}};
    canvas.object("cart");
    canvas.polygon(cart, core::filled(scene::ink));
    for (const double side : {-0.15, 0.15})
      canvas.circle({x + side, -0.1}, 0.06, {scene::steel, scene::paper, 0.015});
    canvas.object("pole");
    canvas.line(axle, tip, scene::body, 0.1);
    for (const core::Vec end : {axle, tip}) canvas.circle(end, 0.05, core::filled(scene::body));
    canvas.circle(axle, 0.03, core::filled(scene::paper));
  }

  double theta_limit() const { return p.angle_limit * 2 * std::numbers::pi / 360; }
};

// Gymnasium's CartPole for JAX, whose cartpole.py in phys2d adds where it means to multiply: 0.6 kg m instead
// of 0.05.
template <class Math>
struct Phys2dCartPole : CartPole<Math> {
  using typename CartPole<Math>::State;
  using typename CartPole<Math>::Action;
  using typename CartPole<Math>::Random;
  using typename CartPole<Math>::Real;

  Outcome step(State& s, Action action, Random&) const {
    return this->push(s, action, Real(this->p.pole_mass + this->p.half_length), this->ahead(s));
  }
};

// A proportional and derivative rule on the pole, with a small pull back to the middle.
inline Controller cartpole_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* o = reinterpret_cast<const float*>(obs);
    *out.discrete = 0.1f * o[0] + 0.2f * o[1] + o[2] + 0.5f * o[3] > 0;
  };
}

inline constexpr EnvDescription cartpole_description{
    .observation = "position of the cart [m], its speed [m/s], angle of the pole [rad], its speed [rad/s]",
    .action = "0 pushes to the left, 1 to the right, with 10 N",
    .reward = "1 a step, the last one too (`sutton_barto_reward`: 0, and -1 at the end)",
    .end = "the pole leans more than 12 degrees or the cart is more than 2.4 m from the middle",
    .action_names = {"left", "right"},
    .observation_names = {"position", "speed", "angle", "angular speed"}};

}  // namespace envs
