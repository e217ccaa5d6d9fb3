#include "envs/box2d/cartrack.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "envs/box2d/race_scene.h"

namespace envs {

using namespace physics;

namespace {

using core::Vec;

// What observations are fractions of.
constexpr double speed_unit = 50, yaw_unit = 5, steering_unit = 0.4;

// The edges of the road around one of its points: corners of two lines.
class Edges {
 public:
  Edges(const Track& track, size_t middle) {
    size_t at = middle;
    for (size_t k = 0; k < reach; ++k) at = track.before(at);
    for (size_t k = 0; k < points; ++k, at = track.after(at)) {
      left_[k] = track.points[at].at(-Track::half_width);
      right_[k] = track.points[at].at(Track::half_width);
    }
  }

  // How far one sees from there along a unit vector, at most `range`.
  double see(Vec from, Vec along, double range) const {
    for (size_t k = 0; k + 1 < points; ++k) {
      range = std::min(range, meet(from, along, left_[k], left_[k + 1]));
      range = std::min(range, meet(from, along, right_[k], right_[k + 1]));
    }
    return range;
  }

 private:
  static constexpr size_t reach = 30, points = 2 * reach + 1;

  // Where a ray meets the line between two points; infinity: nowhere.
  static double meet(Vec from, Vec along, Vec a, Vec b) {
    const double ax = a.x - from.x, ay = a.y - from.y, dx = b.x - a.x, dy = b.y - a.y;
    const double left_of_a = along.x * ay - along.y * ax, turn = along.x * dy - along.y * dx;
    const bool crosses = (left_of_a > 0) != (left_of_a + turn > 0);
    const double far = crosses ? (ax * dy - ay * dx) / turn : -1;
    return far > 0 ? far : std::numeric_limits<double>::infinity();
  }

  std::array<Vec, points> left_, right_;
};

}  // namespace

CarTrack::CarTrack(const Params& params, core::Pcg64& random) : race_(random), laps_(params.laps) {
  race_.step({});
  locate();
}

// No car goes farther than from one point to the next in a step.
void CarTrack::locate() {
  const Track& track = race_.track();
  const auto look = [&] {
    const Track::Point& point = track.points[point_];
    const double x = race_.at().x - point.x, y = race_.at().y - point.y;
    ahead_ = y * std::cos(point.beta) - x * std::sin(point.beta);
    aside_ = x * std::cos(point.beta) + y * std::sin(point.beta);
  };
  look();
  const int move = ahead_ > Track::step / 2 ? 1 : ahead_ < -Track::step / 2 ? -1 : 0;
  if (move > 0) point_ = track.after(point_);
  if (move < 0) point_ = track.before(point_);
  passed_ += move;
  if (move != 0) look();
}

Outcome CarTrack::step(const Action* action, core::Pcg64&) {
  const double pedal = double(action[1]), before = progress();
  race_.step({.steer = double(action[0]), .gas = std::max(pedal, 0.0), .brake = std::max(-pedal, 0.0)});
  locate();
  const auto points = int64_t(race_.track().count);
  const bool lost = std::abs(aside_) > Track::half_width, done = passed_ >= laps_ * points;
  const double reward = 100 * (progress() - before) / double(points) - 0.05 - (lost ? 10 : 0);
  score_ += reward;
  return {float(reward), lost || done};
}

double CarTrack::angle_of(size_t ray) const {
  return double(race_.car().hull().GetAngle()) + std::numbers::pi * double(ray) / (rays - 1);
}

void CarTrack::observe(Item* row) const {
  const Edges edges(race_.track(), point_);
  for (size_t k = 0; k < rays; ++k) {
    const double angle = angle_of(k);
    *row++ = float(edges.see(race_.at(), {std::cos(angle), std::sin(angle)}, range) / range);
  }
  const b2Body& hull = race_.car().hull();
  const b2Vec2 speed = hull.GetLocalVector(hull.GetLinearVelocity());
  *row++ = float(double(speed.y) / speed_unit);
  *row++ = float(double(speed.x) / speed_unit);
  *row++ = float(double(hull.GetAngularVelocity()) / yaw_unit);
  *row++ = float(race_.car().steering() / steering_unit);
}

void CarTrack::draw(core::Canvas& canvas) const {
  const Edges edges(race_.track(), point_);
  std::array<Vec, rays> ends;
  for (size_t k = 0; k < rays; ++k) {
    const Vec along{std::cos(angle_of(k)), std::sin(angle_of(k))};
    const double far = edges.see(race_.at(), along, range);
    ends[k] = {race_.at().x + far * along.x, race_.at().y + far * along.y};
  }
  draw_race({.race = race_, .colors = {}, .seconds = 1, .score = score_, .rays = ends}, canvas);
}

Spec CarTrack::spec() {
  constexpr float any = std::numeric_limits<float>::infinity();
  std::vector<float> low(rays, 0), high(rays, 1);
  low.insert(low.end(), 4, -any);
  high.insert(high.end(), 4, any);
  return {.observation = Space::box(std::move(low), std::move(high)),
          .action = Space::box({-1, -1}, {1, 1}),
          .fps = physics::fps};
}

Controller cartrack_controller() {
  return [](const std::byte* obs, ActionOut out) {
    const auto* seen = reinterpret_cast<const float*>(obs);
    double sum = 0, weighted = 0;
    for (size_t k = 0; k < CarTrack::rays; ++k) {
      const double room = std::pow(double(seen[k]), 3);
      sum += room;
      weighted += room * (double(k) / (CarTrack::rays - 1) - 0.5) * std::numbers::pi;
    }
    const double target = weighted / sum;  // radians to the left
    const double ahead = CarTrack::range * double(*std::max_element(seen + 6, seen + 11));
    const double speed = speed_unit * double(seen[CarTrack::rays]), most = 12 + 0.5 * ahead;
    out.continuous[0] = float(std::clamp(-2 * target, -1.0, 1.0));
    out.continuous[1] = float(std::clamp(0.1 * (most - speed), -0.5, 0.5));
  };
}

}  // namespace envs
