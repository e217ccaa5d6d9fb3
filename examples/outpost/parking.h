// Parking: a car is pushed to and fro until it stands at a line. Positions in m, speeds in m/s.
#pragma once

#include <core/options.h>
#include <envs/description.h>
#include <envs/envs.h>
#include <envs/precision.h>
#include <envs/scene.h>

#include <algorithm>
#include <array>

namespace outpost {

struct ParkingParams {
  double push = 2, start = 5, dt = 0.1;

  void fields(core::Fields& f) {
    f.add("push", push, "Acceleration by a push", {.min = 0, .above = true, .unit = "m/s^2"});
    f.add("start", start, "Episodes start at rest, this far from the line at most",
          {.min = 0, .above = true, .unit = "m"});
    f.add("dt", dt, "Time of one step", {.min = 0, .above = true, .unit = "s"});
  }
};

template <class Math>  // envs::Exact: double, or envs::Fast: float, many at once
struct Parking {
  using Real = typename Math::Real;
  using Random = typename Math::Random;
  using Params = ParkingParams;
  using Action = int32_t;  // 0 pushes back, 1 lets it roll, 2 pushes on
  struct State {
    Real position, speed;
  };
  struct Obs {
    float position, speed;
  };

  Params p;

  envs::Spec spec() const {
    const float reach = float(4 * p.start);
    return {.observation = envs::Space::box({-reach, -reach}, {reach, reach}),
            .action = envs::Space::discrete(3),
            .fps = 1 / p.dt};
  }

  State reset(Random& random) const { return {random.uniform(Real(-p.start), Real(p.start)), 0}; }

  envs::Outcome step(State& s, Action action, Random&) const {
    const Real dt = Real(p.dt), reach = Real(4 * p.start);
    s.speed = std::clamp(s.speed + Real(action - 1) * Real(p.push) * dt, -reach, reach);
    s.position = std::clamp(s.position + s.speed * dt, -reach, reach);
    const Real distance = s.position < 0 ? -s.position : s.position;
    return {-float(distance) / float(p.start), 0};  // ends by its time limit alone
  }

  Obs observe(const State& s) const { return {float(s.position), float(s.speed)}; }

  void draw(const State& s, core::Canvas& canvas) const {
    const double x = double(s.position), edge = 1.5 * p.start;
    canvas.view({-edge, -1, 2 * edge, 3}, envs::scene::paper);
    canvas.line({-edge, 0}, {edge, 0}, envs::scene::steel, 0.03);
    canvas.line({0, -0.5}, {0, 0.5}, envs::scene::goal, 0.08);
    const std::array<core::Vec, 4> car{{{x - 0.5, 0.1}, {x + 0.5, 0.1}, {x + 0.3, 0.6}, {x - 0.3, 0.6}}};
    canvas.polygon(car, core::filled(envs::scene::body));
  }
};

// Pushes towards where it would roll out within a second.
inline envs::Controller parking_controller() {
  return [](const std::byte* obs, envs::ActionOut out) {
    const auto* o = reinterpret_cast<const float*>(obs);
    *out.discrete = o[0] + o[1] > 0.1f ? 0 : o[0] + o[1] < -0.1f ? 2 : 1;
  };
}

inline constexpr envs::EnvDescription parking_description{
    .observation = "distance to the line, speed",
    .action = "0 pushes back, 1 lets it roll, 2 pushes on",
    .reward = "-|distance| / `start` a step",
    .end = "never before the time limit",
    .action_names = {"left", "nothing", "right"},
    .observation_names = {"position", "speed"}};

}  // namespace outpost
