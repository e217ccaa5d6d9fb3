#include "envs/box2d/race_scene.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "core/brush.h"

namespace envs {

using namespace physics;

namespace {

using core::Color;
using core::Vec;

constexpr double picture_width = 1000, picture_height = 800;
constexpr Color nothing{0, 0, 0}, paint_red{204, 0, 0}, tyre{0, 0, 0}, stripe{77, 77, 77},
    ray_color{255, 255, 255, 120};
constexpr Color kerb_colors[] = {{255, 255, 255}, {255, 0, 0}};

// From the world to the picture: turned so that the car heads up, and put a quarter above its lower end.
class Camera {
 public:
  explicit Camera(const RaceView& view)
      : zoom_(Track::scale * (0.1 * std::max(1 - view.seconds, 0.0) + 2.7 * std::min(view.seconds, 1.0))),
        car_(view.race.at()) {
    const double angle = double(view.race.car().hull().GetAngle());
    cos_ = zoom_ * std::cos(angle);
    sin_ = zoom_ * std::sin(angle);
  }

  double zoom() const { return zoom_; }  // of the picture's units in a metre
  Vec operator()(Vec at) const {
    const double x = at.x - car_.x, y = at.y - car_.y;
    return {picture_width / 2 + cos_ * x + sin_ * y, picture_height / 4 - sin_ * x + cos_ * y};
  }
  Vec middle() const {  // what lies in the middle of the picture
    const double ahead = picture_height / 4 / (zoom_ * zoom_);
    return {car_.x - ahead * sin_, car_.y + ahead * cos_};
  }

 private:
  double zoom_, cos_ = 0, sin_ = 0;
  Vec car_;
};

using Fill = std::function<void(std::span<const Vec>, Color)>;

class RaceScene {
 public:
  // reach: of what is painted, from the picture's middle; overlap: of tiles, so that no grass shines through
  // between them. Both in the picture's units.
  RaceScene(const RaceView& view, double reach, double overlap, Fill fill)
      : view_(view),
        camera_(view),
        middle_(camera_.middle()),
        reach_(reach / camera_.zoom()),
        overlap_(std::min(overlap / camera_.zoom(), Track::step)),
        fill_(std::move(fill)) {}

  Color background() const { return within_field() ? view_.colors.field : nothing; }

  void ground() const {
    constexpr double edge = Track::field;
    if (!within_field())
      shape<4>({{{edge, edge}, {edge, -edge}, {-edge, -edge}, {-edge, edge}}}, view_.colors.field);
    for (int x = -20; x < 20; x += 2)
      for (int y = -20; y < 20; y += 2) grass(x, y);
    for (size_t k = 0; k < view_.race.track().count; ++k) road(k);
  }

  void car() const {
    for (const Car::Wheel& wheel : view_.race.car().wheels()) this->wheel(wheel);
    body(view_.race.car().hull(), paint_red);
  }

  void rays() const {
    for (const Vec end : view_.rays) ray(end);
  }

  void panel() const {
    bar(-20, 60, 0, 100, nothing);
    const Car& car = view_.race.car();
    const auto& wheels = car.wheels();
    upright(5, 0.02, view_.race.speed(), {255, 255, 255});
    for (const size_t k : {0, 1}) upright(7 + int(k), 0.01, wheels[k].speed, {0, 0, 255});
    for (const size_t k : {2, 3}) upright(7 + int(k), 0.01, wheels[k].speed, {51, 0, 255});
    level(20, -10, car.steering(), {0, 255, 0});
    level(30, -0.8, double(car.hull().GetAngularVelocity()), {255, 0, 0});
    score();
  }

 private:
  template <size_t n>
  void shape(std::array<Vec, n> corners, Color color) const {
    for (Vec& corner : corners) corner = camera_(corner);
    fill_(corners, color);
  }

  bool is_near(Vec at, double size) const {
    const double x = at.x - middle_.x, y = at.y - middle_.y, r = reach_ + size;
    return x * x + y * y < r * r;
  }
  bool within_field() const {
    return std::max(std::abs(middle_.x), std::abs(middle_.y)) + reach_ < Track::field;
  }

  void grass(int x, int y) const {
    constexpr double size = Track::field / 20;
    const double left = size * x, low = size * y, right = left + size, high = low + size;
    if (is_near({left, low}, 1.5 * size))
      shape<4>({{{right, low}, {left, low}, {left, high}, {right, high}}}, view_.colors.grass);
  }

  void road(size_t k) const {
    const Track& track = view_.race.track();
    if (!is_near({track.points[k].x, track.points[k].y}, 2 * Track::half_width)) return;
    shape(overlapping(track.tile(k), track.points[track.before(k)]), tile_color(k));
    if (track.kerbs[k]) shape(track.kerb(k), kerb_colors[k % 2]);
  }

  // A tile and a part of the one before, but for its edges.
  std::array<Vec, 6> overlapping(const Track::Quad& tile, const Track::Point& back) const {
    const double aside = Track::half_width - overlap_;
    return {tile[0], tile[1], tile[2], back.at(aside, -overlap_), back.at(-aside, -overlap_), tile[3]};
  }

  // Three greys in turn until the car has been there.
  Color tile_color(size_t k) const {
    const double lighter = view_.race.is_touched(k) ? 0 : 2.55 * double(k % 3);
    const Color& road = view_.colors.road;
    return {uint8_t(road.r + lighter), uint8_t(road.g + lighter), uint8_t(road.b + lighter)};
  }

  void body(const b2Body& body, Color color) const {
    for (const b2Fixture* part = body.GetFixtureList(); part; part = part->GetNext()) {
      const auto& outline = static_cast<const b2PolygonShape&>(*part->GetShape());
      std::array<Vec, b2_maxPolygonVertices> corners;
      for (int32 k = 0; k < outline.m_count; ++k) {
        const b2Vec2 at = body.GetWorldPoint(outline.m_vertices[k]);
        corners[size_t(k)] = camera_({double(at.x), double(at.y)});
      }
      fill_(std::span(corners).first(size_t(outline.m_count)), color);
    }
  }

  // How far ahead of the axle, for a radius of 1: at the tyre's outline where it is below.
  static double stripe_end(double angle) {
    return std::sin(angle) > 0 ? std::copysign(1, std::cos(angle)) : std::cos(angle);
  }

  // A light stripe across the tyre shows how it rolls, while it is above.
  void wheel(const Car::Wheel& wheel) const {
    body(*wheel.body, tyre);
    const double from = wheel.turned, to = from + 1.2;
    if (std::sin(from) > 0 && std::sin(to) > 0) return;
    const double y1 = stripe_end(from), y2 = stripe_end(to);
    constexpr double r = Car::wheel_radius, x = Car::wheel_half_width;
    const auto on = [&wheel](double right, double ahead) {
      const b2Vec2 at = wheel.body->GetWorldPoint(vec(right, ahead));
      return Vec{double(at.x), double(at.y)};
    };
    shape<4>({{on(-x, r * y1), on(x, r * y1), on(x, r * y2), on(-x, r * y2)}}, stripe);
  }

  void ray(Vec end) const {
    const Vec from = camera_(view_.race.at()), to = camera_(end);
    const double length = std::hypot(to.x - from.x, to.y - from.y), half = 1.5;
    if (!(length > 0)) return;
    const double x = half * (to.y - from.y) / length, y = half * (to.x - from.x) / length;
    fill_(
        std::array<Vec, 4>{
            {{from.x + x, from.y - y}, {to.x + x, to.y - y}, {to.x - x, to.y + y}, {from.x - x, from.y + y}}},
        ray_color);
  }

  // The panel's columns are 25 wide.
  void bar(double left, double right, double low, double high, Color color) const {
    const double x1 = 25 * left, x2 = 25 * right;
    fill_(std::array<Vec, 4>{{{x1, low}, {x2, low}, {x2, high}, {x1, high}}}, color);
  }
  void upright(int column, double scale, double value, Color color) const {
    if (std::abs(value) > 1e-4) bar(column, column + 1, 20, 20 + 20 * scale * value, color);
  }
  void level(int column, double scale, double value, Color color) const {
    if (std::abs(value) > 1e-4) bar(column, column + scale * value, 40, 80, color);
  }

  // Four digits of seven strokes each.
  void score() const {
    std::array<char, 16> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04.0f", view_.score);
    for (int k = 0; k < std::min(length, int(text.size()) - 1); ++k)
      digit(text[size_t(k)], 60 + 24 * (k - length / 2.0));
  }
  void digit(char symbol, double left) const {
    // Strokes: low, middle, high; lower left, lower right, upper left, upper right.
    static constexpr std::array<const char*, 10> strokes{"1011111", "0000101", "1111001", "1110101",
                                                         "0100111", "1110110", "1111110", "0010101",
                                                         "1111111", "1110111"};
    const char* on = symbol == '-' ? "0100000" : strokes[size_t(symbol - '0')];
    constexpr double thick = 6, wide = 20, tall = 16;
    const auto stroke = [&](double x, double y, double w, double h) {
      bar((left + x) / 25, (left + x + w) / 25, 33 + y, 33 + y + h, {255, 255, 255});
    };
    for (int k = 0; k < 3; ++k)
      if (on[k] == '1') stroke(0, (tall - thick / 2) * k, wide, thick);
    for (int k = 0; k < 4; ++k)
      if (on[3 + k] == '1') stroke(k % 2 ? wide - thick : 0, k < 2 ? 0 : tall - thick / 2, thick, tall);
  }

  const RaceView& view_;
  Camera camera_;
  Vec middle_;
  double reach_, overlap_;  // metres
  Fill fill_;
};

}  // namespace

void RaceEye::fill(std::span<const Vec> corners, Color color) {
  std::array<Vec, b2_maxPolygonVertices> pixels;
  for (size_t k = 0; k < corners.size(); ++k)
    pixels[k] = {corners[k].x * side / picture_width, side - corners[k].y * side / picture_height};
  coverage_.outline(pixels.data(), corners.size());
  const core::Brush brush(color);
  coverage_.read([&](const core::Shares& row) {
    uint32_t* word = &words_[size_t(row.y) * side + size_t(row.first)];
    for (int k = 0; k < row.count; ++k) brush.paint(word[k], row.share[k]);
  });
}

void RaceEye::see(const RaceView& view, uint8_t* rgb) {
  const double half_diagonal = std::hypot(picture_width, picture_height) / 2, pixel = picture_width / side;
  const RaceScene scene(view, half_diagonal, pixel,
                        [this](std::span<const Vec> corners, Color color) { fill(corners, color); });
  core::Brush(scene.background()).paint(words_[0], 255);
  std::fill(words_.begin(), words_.end(), words_[0]);
  scene.ground();
  scene.car();
  scene.panel();
  for (const uint32_t word : words_)
    for (const int shift : {16, 8, 0}) *rgb++ = uint8_t(word >> shift);
}

// Pictures of other shapes than this show more of the field.
void draw_race(const RaceView& view, core::Canvas& canvas) {
  const RaceScene scene(view, 2 * picture_width, 2, [&canvas](std::span<const Vec> corners, Color color) {
    canvas.polygon(corners, core::filled(color));
  });
  canvas.view({0, 0, picture_width, picture_height}, scene.background());
  scene.ground();
  scene.rays();
  canvas.object("car");
  scene.car();
  canvas.object("");
  scene.panel();
}

}  // namespace envs
