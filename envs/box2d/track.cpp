#include "envs/box2d/track.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

namespace envs {

namespace {

constexpr double two_pi = 2 * std::numbers::pi;
constexpr int64_t checkpoints = 12;
constexpr double sharpest = 0.31;  // turn of the pen in a step

struct Checkpoint {
  double alpha, x, y;
};
using Checkpoints = std::array<Checkpoint, checkpoints>;

// The first and the last lie outside of the others, to the right of the field's middle: the start is between
// them.
Checkpoints draw_checkpoints(core::Pcg64& random) {
  Checkpoints drawn;
  for (int64_t k = 0; k < checkpoints; ++k) {
    const double even = two_pi * double(k) / checkpoints;
    double alpha = even + random.uniform(0, two_pi / checkpoints),
           radius = random.uniform(Track::radius / 3, Track::radius);
    if (k == 0 || k == checkpoints - 1) {
      alpha = even;
      radius = 1.5 * Track::radius;
    }
    drawn[size_t(k)] = {alpha, radius * std::cos(alpha), radius * std::sin(alpha)};
  }
  return drawn;
}

// Draws five rounds, or as much of them as there is room for.
class Pen {
 public:
  explicit Pen(const Checkpoints& goals) : goals_(goals) {}

  size_t draw(std::array<Track::Point, Track::most_points>& points) {
    size_t count = 0;
    while (count < points.size() && rounds_ <= 4) points[count++] = next();
    return count;
  }

 private:
  Track::Point next() {
    double alpha = std::atan2(y_, x_);
    if (far_side_ && alpha > 0) {
      ++rounds_;
      far_side_ = false;
    }
    if (alpha < 0) {
      far_side_ = true;
      alpha += two_pi;
    }
    const Checkpoint& goal = goal_from(alpha);
    const double cos = std::cos(beta_), sin = std::sin(beta_);
    const double aside = Track::scale * (cos * (goal.x - x_) + sin * (goal.y - y_));
    while (beta_ - alpha > 1.5 * std::numbers::pi) beta_ -= two_pi;
    while (beta_ - alpha < -1.5 * std::numbers::pi) beta_ += two_pi;
    const double before = beta_, change = std::min(sharpest, std::abs(0.001 * aside));
    if (aside > 0.3) beta_ -= change;
    if (aside < -0.3) beta_ += change;
    x_ += -sin * Track::step;
    y_ += cos * Track::step;
    return {alpha, before * 0.5 + beta_ * 0.5, x_, y_};
  }

  // The next checkpoint that is not behind; alpha is counted back where a new round begins.
  const Checkpoint& goal_from(double& alpha) {
    while (alpha > goals_[goal_].alpha) {
      goal_ = (goal_ + 1) % checkpoints;
      if (goal_ == 0) alpha -= two_pi;
    }
    return goals_[goal_];
  }

  const Checkpoints& goals_;
  size_t goal_ = 0;
  double x_ = 1.5 * Track::radius, y_ = 0, beta_ = 0;
  int rounds_ = 0;
  bool far_side_ = false;
};

// Keeps the last whole round. False where there is none, or its ends lie apart.
bool close(Track& track) {
  constexpr double start = two_pi * -0.5 / checkpoints;
  auto& points = track.points;
  std::optional<size_t> end;
  size_t i = track.count - 1;
  for (; i > 0; --i) {
    const bool passes = points[i].alpha > start && points[i - 1].alpha <= start;
    if (passes && end) break;
    if (passes) end = i;
  }
  if (i == 0) return false;
  track.count = *end - 1 - i;
  std::copy_n(points.begin() + ptrdiff_t(i), track.count, points.begin());
  const Track::Point &first = points[0], &last = points[track.count - 1];
  const double dx = std::cos(first.beta) * (first.x - last.x), dy = std::sin(first.beta) * (first.y - last.y);
  return std::sqrt(dx * dx + dy * dy) <= Track::step;
}

// Where the road has turned one way, hard, for four steps, these have kerbs.
void add_kerbs(Track& track) {
  constexpr size_t steps = 4;
  for (size_t i = 0; i < track.count; ++i) {
    size_t left = 0, right = 0;
    for (size_t k = 0, at = i; k < steps; ++k, at = track.before(at)) {
      const double change = track.points[at].beta - track.points[track.before(at)].beta;
      left += change > sharpest * 0.2;
      right += -change > sharpest * 0.2;
    }
    track.kerbs[i] = left == steps || right == steps;
  }
  for (size_t i = 0; i < track.count; ++i)
    for (size_t k = 0, at = i; k < steps; ++k, at = track.before(at))
      if (track.kerbs[i]) track.kerbs[at] = true;
}

}  // namespace

core::Vec Track::Point::at(double right, double ahead) const {
  const double cos = std::cos(beta), sin = std::sin(beta);
  return {x + right * cos - ahead * sin, y + right * sin + ahead * cos};
}

Track::Quad Track::strip(size_t i, double from, double to) const {
  const Point &front = points[i], &back = points[before(i)];
  return {front.at(from), front.at(to), back.at(to), back.at(from)};
}

Track::Quad Track::kerb(size_t i) const {
  const double change = points[before(i)].beta - points[i].beta;
  const double side = double(change > 0) - double(change < 0);
  return strip(i, side * half_width, side * (half_width + kerb_width));
}

Track draw_track(core::Pcg64& random) {
  Track track;
  do {
    const Checkpoints goals = draw_checkpoints(random);
    track.count = Pen(goals).draw(track.points);
  } while (!close(track));
  add_kerbs(track);
  return track;
}

}  // namespace envs
