#include "envs/box2d/lunarlander.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace envs {

using namespace physics;

namespace {

constexpr double leg_away = 20 / scale, foot_drop = 18 / scale, helipad = height / 4;
constexpr double main_power = 13, side_power = 0.6;
constexpr double main_exhaust = 4 / scale, side_exhaust = 12 / scale;  // below and beside the hull's middle
constexpr double leg_side[2] = {-1, 1};

// The terrain's twelve draws, levelled around the helipad and smoothed; the first chunk's left neighbour is
// the last draw.
std::array<core::Vec, 11> smoothed(std::array<double, 12> heights) {
  std::fill(heights.begin() + 3, heights.begin() + 8, helipad);
  std::array<core::Vec, 11> corners;
  for (size_t k = 0; k < 11; ++k)
    corners[k] = {width / 10 * double(k), 0.33 * (heights[(k + 11) % 12] + heights[k] + heights[k + 1])};
  return corners;
}

// A force that never repeats: in -1 .. 1.
double gust(int64_t phase) {
  return std::tanh(std::sin(0.02 * double(phase)) + std::sin(std::numbers::pi * 0.01 * double(phase)));
}

}  // namespace

Lander::Start Lander::draw_start(const LunarLanderParams& params, core::Pcg64& random) {
  Start start;
  for (double& y : start.heights) y = random.uniform(0, height / 2);
  start.force.x = random.uniform(-1000, 1000);
  start.force.y = random.uniform(-1000, 1000);
  if (params.enable_wind) {
    start.wind_phase = random.integers(-9999, 9999);
    start.turn_phase = random.integers(-9999, 9999);
  }
  return start;
}

Lander::Dispersion Lander::draw_dispersion(core::Pcg64& random) {
  const double along = random.uniform(-1, 1), across = random.uniform(-1, 1);
  return {along, across};
}

Lander::Lander(const LunarLanderParams& params, const Start& start)
    : params_(params),
      world_(vec(0, params.gravity)),
      surface_(smoothed(start.heights)),
      wind_phase_(start.wind_phase),
      turn_phase_(start.turn_phase) {
  world_.SetContactListener(&touch_);
  add_moon();
  add_lander(start.force);
  touch_.watch(hull_, {legs_[0], legs_[1]});
}

void Lander::add_moon() {
  b2Body* moon = add_ground(world_);
  b2EdgeShape edge;
  edge.SetTwoSided(vec(0, 0), vec(width, 0));
  add_to_ground(moon, edge, 0.2);
  for (size_t k = 0; k + 1 < surface_.size(); ++k) {
    edge.SetTwoSided(vec(surface_[k].x, surface_[k].y), vec(surface_[k + 1].x, surface_[k + 1].y));
    add_to_ground(moon, edge, 0.1);
  }
}

void Lander::add_lander(core::Vec force) {
  static constexpr core::Vec hull[] = {{-14, 17}, {-17, 0}, {-17, -10}, {17, -10}, {17, 0}, {14, 17}};
  hull_ = add_body(world_, vec(width / 2, height), 0, outline(hull), {5, 0.1});
  hull_->ApplyForceToCenter(vec(force.x, force.y), true);
  for (size_t k = 0; k < 2; ++k) {
    const double side = leg_side[k];
    legs_[k] = add_body(world_, vec(width / 2 - side * leg_away, height), 0.05 * side,
                        box(2 / scale, 8 / scale), {1, 0.2});
    joints_[k] = join(world_, hull_, legs_[k],
                      {.on_a = vec(0, 0),
                       .on_b = vec(side * leg_away, foot_drop),
                       .lower = side < 0 ? 0.9 - 0.5 : -0.9,
                       .upper = side < 0 ? 0.9 : -0.9 + 0.5,
                       .torque = 40,
                       .speed = 0.3 * side},
                      hinge_masses_[k]);
  }
}

void Lander::pose(const Pose& pose) {
  move(*hull_, pose.hull);
  for (size_t k = 0; k < 2; ++k) swing(*joints_[k], pose.angles[k], pose.speeds[k]);
  touch_.foot = pose.feet;
  shaping_ = shaping();
}

Outcome Lander::step(const Engines& engines, const Dispersion& dispersion) {
  engines_ = engines;
  ++age_;
  if (params_.enable_wind && !touch_.foot[0] && !touch_.foot[1]) blow();
  if (engines.main != 0) fire_main(engines.main, dispersion);
  if (engines.side != 0) fire_side(engines.side, dispersion);
  advance(world_);

  const double now = shaping(), before = shaping_.value_or(now);
  shaping_ = now;
  double reward = now - before - 0.30 * engines.main - 0.03 * std::abs(engines.side);
  const bool lost = touch_.hull || std::abs(state()[0]) >= 1, landed = !hull_->IsAwake();
  if (lost) reward = -100;
  if (landed) reward = 100;  // the later rule holds where both are so
  return {float(reward), lost || landed};
}

void Lander::blow() {
  hull_->ApplyForceToCenter(vec(params_.wind_power * gust(wind_phase_++), 0), true);
  hull_->ApplyTorque(float(params_.turbulence_power * gust(turn_phase_++)), true);
}

// Unit vectors of the hull: `tip` as sine and cosine of its angle, `side` to the left of the tip.
struct Frame {
  double sin, cos;
  explicit Frame(const b2Body& body)
      : sin(std::sin(double(body.GetAngle()))), cos(std::cos(double(body.GetAngle()))) {}
};

void Lander::fire_main(double power, const Dispersion& dispersion) {
  const Frame tip(*hull_);
  const double along = main_exhaust + 2 * dispersion[0] / scale, across = dispersion[1] / scale;
  const double x = tip.sin * along - tip.cos * across, y = -tip.cos * along - tip.sin * across;
  const b2Vec2 at = hull_->GetPosition();
  hull_->ApplyLinearImpulse(vec(-x * main_power * power, -y * main_power * power),
                            vec(double(at.x) + x, double(at.y) + y), true);
}

void Lander::fire_side(double power, const Dispersion& dispersion) {
  const Frame tip(*hull_);
  const double sense = power < 0 ? -1 : 1, strength = std::abs(power);
  const double along = dispersion[0] / scale, across = 3 * dispersion[1] / scale + sense * side_exhaust;
  const double x = tip.sin * along - tip.cos * across, y = -tip.cos * along - tip.sin * across;
  const b2Vec2 at = hull_->GetPosition();
  // 17 where 14 was meant: Gymnasium keeps it, and trained policies rely on it.
  const b2Vec2 nozzle = vec(double(at.x) + x - tip.sin * 17 / scale, double(at.y) + y + tip.cos * 14 / scale);
  hull_->ApplyLinearImpulse(vec(-x * side_power * strength, -y * side_power * strength), nozzle, true);
}

std::array<double, 2> Lander::legs() const {
  return {double(joints_[0]->GetJointAngle()), double(joints_[1]->GetJointAngle())};
}

std::array<double, 8> Lander::state() const {
  const b2Vec2 at = hull_->GetPosition(), v = hull_->GetLinearVelocity();
  return {(double(at.x) - width / 2) / (width / 2),
          (double(at.y) - (helipad + foot_drop)) / (height / 2),
          double(v.x) * (width / 2) / fps,
          double(v.y) * (height / 2) / fps,
          double(hull_->GetAngle()),
          20 * double(hull_->GetAngularVelocity()) / fps,
          double(touch_.foot[0]),
          double(touch_.foot[1])};
}

double Lander::shaping() const {
  const auto s = state();
  return -100 * std::sqrt(s[0] * s[0] + s[1] * s[1]) - 100 * std::sqrt(s[2] * s[2] + s[3] * s[3]) -
         100 * std::abs(s[4]) + 10 * s[6] + 10 * s[7];
}

void Lander::observe(float* row) const {
  for (const double x : state()) *row++ = float(x);
}

template <class A>
Spec LunarLander<A>::spec() {
  const float turn = float(2 * std::numbers::pi);
  return {.observation =
              Space::box({-2.5f, -2.5f, -10, -10, -turn, -10, 0, 0}, {2.5f, 2.5f, 10, 10, turn, 10, 1, 1}),
          .action = std::is_same_v<A, float> ? Space::box({-1, -1}, {1, 1}) : Space::discrete(4),
          .fps = physics::fps};
}

template <>
Lander::Engines LunarLander<int64_t>::engines(const int64_t* action) {
  return {.main = *action == 2 ? 1.0 : 0.0, .side = *action == 1 ? -1.0 : *action == 3 ? 1.0 : 0.0};
}

template <>
Lander::Engines LunarLander<float>::engines(const float* action) {
  const double main = std::clamp(double(action[0]), -1.0, 1.0),
               side = std::clamp(double(action[1]), -1.0, 1.0);
  return {.main = main > 0 ? (main + 1) * 0.5 : 0.0, .side = std::abs(side) > 0.5 ? side : 0.0};
}

template class LunarLander<int64_t>;
template class LunarLander<float>;

template <class A>
Controller lunarlander_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* s = reinterpret_cast<const float*>(obs);
    const bool stands = s[6] != 0 || s[7] != 0;
    const double lean = std::clamp(0.5 * double(s[0]) + double(s[2]), -0.4, 0.4);
    const double rise = 0.55 * std::abs(double(s[0]));
    const double turn = stands ? 0 : 0.5 * (lean - double(s[4])) - double(s[5]);
    const double hover = stands ? -0.5 * double(s[3]) : 0.5 * (rise - double(s[1])) - 0.5 * double(s[3]);
    if constexpr (std::is_same_v<A, float>) {
      out.continuous[0] = float(std::clamp(20 * hover - 1, -1.0, 1.0));
      out.continuous[1] = float(std::clamp(-20 * turn, -1.0, 1.0));
    } else {
      const bool lift = hover > std::abs(turn) && hover > 0.05;
      *out.discrete = lift ? 2 : turn < -0.05 ? 3 : turn > 0.05 ? 1 : 0;
    }
  };
}

template Controller lunarlander_controller<int64_t>();
template Controller lunarlander_controller<float>();

}  // namespace envs
