#include "core/coverage.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace core {

Coverage::Coverage(int width, int height, int lines)
    : width_(width),
      height_(height),
      lines_(lines),
      change_(static_cast<size_t>(width) + 2),
      share_(static_cast<size_t>(width)) {
  edges_.reserve(few);
  active_.reserve(few);
  crossings_.reserve(few);
}

// The first line whose middle is at or below y.
static int line_at(double y, int height, int lines) {
  return static_cast<int>(std::ceil(std::clamp(y, 0.0, 1.0 * height) * lines - 0.5));
}

void Coverage::edge(Vec from, Vec to) {
  if (!std::isfinite(from.x + from.y + to.x + to.y)) return;
  const int winding = from.y < to.y ? 1 : -1;
  if (winding < 0) std::swap(from, to);
  const int first = line_at(from.y, height_, lines_), last = line_at(to.y, height_, lines_);
  if (first >= last) return;
  const double slope = (to.x - from.x) / (to.y - from.y);
  const double x = from.x + slope * ((first + 0.5) / lines_ - from.y);
  edges_.push_back({x, slope / lines_, first, last, winding});
}

void Coverage::outline(const Vec* points, size_t count) {
  for (size_t k = 0; k < count; ++k) edge(points[k], points[k + 1 < count ? k + 1 : 0]);
}

// Pieces of an arc that begins at `radius` from its centre; turn: of each, in radians.
void Coverage::arc(Vec center, Vec radius, int pieces, double turn) {
  const double cos = std::cos(turn), sin = std::sin(turn);
  for (int k = 0; k < pieces; ++k) {
    const Vec next{cos * radius.x - sin * radius.y, sin * radius.x + cos * radius.y};
    edge({center.x + radius.x, center.y + radius.y}, {center.x + next.x, center.y + next.y});
    radius = next;
  }
}

// So many pieces of a circle that none is farther than 1/50 of a pixel from it; even.
static int pieces_of(double radius) {
  const double needed = std::numbers::pi * std::sqrt(25 * std::max(radius, 0.0)) / 2;
  return 2 * static_cast<int>(std::ceil(std::clamp(needed, 4.0, 200.0)));
}

void Coverage::circle(Vec center, double radius, bool hole) {
  const int pieces = pieces_of(radius);
  const double turn = 2 * std::numbers::pi / pieces;
  arc(center, {radius, 0}, pieces, hole ? turn : -turn);
}

void Coverage::line(Vec from, Vec to, double width) {
  const double length = std::hypot(to.x - from.x, to.y - from.y), radius = width / 2;
  if (!(length > 0)) return circle(from, radius);
  const Vec across{radius * (to.y - from.y) / length, -radius * (to.x - from.x) / length};
  const int pieces = pieces_of(radius) / 2;
  const double turn = -std::numbers::pi / pieces;
  edge({to.x + across.x, to.y + across.y}, {from.x + across.x, from.y + across.y});
  arc(from, across, pieces, turn);
  edge({from.x - across.x, from.y - across.y}, {to.x - across.x, to.y - across.y});
  arc(to, {-across.x, -across.y}, pieces, turn);
}

void Coverage::begin() {
  std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) { return a.first < b.first; });
  active_.clear();
  next_ = 0;
  top_ = edges_.empty() ? 0 : edges_.front().first / lines_;
  bottom_ = 0;
  for (const Edge& edge : edges_) bottom_ = std::max(bottom_, (edge.last + lines_ - 1) / lines_);
}

// The share of all pixels from x on changes.
void Coverage::change(double x, float by) {
  const double inside = std::clamp(x, 0.0, 1.0 * width_);
  const int pixel = static_cast<int>(inside);
  const auto part = static_cast<float>(inside - pixel);
  change_[static_cast<size_t>(pixel)] += by * (1 - part);
  change_[static_cast<size_t>(pixel) + 1] += by * part;
  left_ = std::min(left_, pixel);
  right_ = std::max(right_, pixel + 1);
}

void Coverage::cross(int line) {
  for (; next_ < edges_.size() && edges_[next_].first <= line; ++next_) active_.push_back(edges_[next_]);
  crossings_.clear();
  for (size_t k = 0; k < active_.size();) {
    Edge& edge = active_[k];
    if (edge.last <= line) {
      edge = active_.back();
      active_.pop_back();
      continue;
    }
    const Crossing crossing{edge.x, edge.winding};
    edge.x += edge.slope;
    auto at = crossings_.insert(crossings_.end(), crossing);
    for (; at != crossings_.begin() && (at - 1)->x > crossing.x; --at) *at = *(at - 1);
    *at = crossing;
    ++k;
  }
}

Shares Coverage::cut(int y) {
  left_ = width_, right_ = 0;
  for (int line = y * lines_; line < (y + 1) * lines_; ++line) {
    cross(line);
    int winding = 0;
    for (const Crossing& crossing : crossings_) {
      const bool outside = winding == 0;
      winding += crossing.winding;
      if (outside != (winding == 0))
        change(crossing.x, (outside ? 1.0f : -1.0f) / static_cast<float>(lines_));
    }
  }
  float share = 0;
  for (int x = left_; x <= right_; ++x) {
    float& by = change_[static_cast<size_t>(x)];
    share += by;
    by = 0;
    if (x < width_) share_[static_cast<size_t>(x)] = rounded(255 * std::clamp(share, 0.0f, 1.0f));
  }
  return {y, left_, share_.data() + left_, std::min(right_, width_ - 1) - left_ + 1};
}

}  // namespace core
