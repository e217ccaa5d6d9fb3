// Shapes as triangles in pixel coordinates.
#include "render/sfml_canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.h"
#include "render/font.h"

namespace render {

using core::Color, core::Rect, core::Vec;

static sf::Color sfml(Color c) { return {c.r, c.g, c.b, c.a}; }
static sf::Vector2f sfml(Vec v) { return {static_cast<float>(v.x), static_cast<float>(v.y)}; }

SfmlCanvas::SfmlCanvas(sf::RenderTarget& target) : target_(target) {
  if (!font_.loadFromFile(font_file().string()))
    core::fail("{}: is no font that SFML can read", font_file().string());
}

void SfmlCanvas::view(Rect world, Color background) {
  const auto size = target_.getSize();
  clip(std::nullopt);
  view_ = fit(world, size.x, size.y);
  target_.clear(sfml(background));
}

// OpenGL paints nothing outside of its viewport: a view that shows one part of the pixels cuts off the rest.
void SfmlCanvas::clip(std::optional<Rect> world) {
  const auto width = static_cast<float>(target_.getSize().x),
             height = static_cast<float>(target_.getSize().y);
  sf::FloatRect part(0, 0, width, height);
  if (world) {
    const Vec corner = view_.pixel({world->x, world->y + world->height});
    const double right = corner.x + view_.scale * world->width, low = corner.y + view_.scale * world->height;
    const double left = std::clamp(std::round(corner.x), 0.0, 1.0 * width);
    const double top = std::clamp(std::round(corner.y), 0.0, 1.0 * height);
    part = {static_cast<float>(left), static_cast<float>(top),
            static_cast<float>(std::clamp(std::round(right), left, 1.0 * width) - left),
            static_cast<float>(std::clamp(std::round(low), top, 1.0 * height) - top)};
  }
  sf::View shown(part);
  shown.setViewport({part.left / width, part.top / height, part.width / width, part.height / height});
  target_.setView(shown);
}

void SfmlCanvas::disc(Vec pixel, double radius, Color color) {
  sf::CircleShape shape(static_cast<float>(radius),
                        static_cast<size_t>(std::clamp(4 * std::sqrt(radius) + 8, 12.0, 160.0)));
  shape.setOrigin(static_cast<float>(radius), static_cast<float>(radius));
  shape.setPosition(sfml(pixel));
  shape.setFillColor(sfml(color));
  target_.draw(shape);
}

void SfmlCanvas::stroke(Vec a, Vec b, Color color, double width) {
  const double length = std::hypot(b.x - a.x, b.y - a.y);
  const double half = std::max(width, 1.0) / 2;  // thinner than a pixel would vanish in places
  if (length > 0) {
    const double nx = -(b.y - a.y) / length * half, ny = (b.x - a.x) / length * half;
    const sf::Color paint = sfml(color);
    const sf::Vertex corners[] = {{sfml(Vec{a.x + nx, a.y + ny}), paint},
                                  {sfml(Vec{b.x + nx, b.y + ny}), paint},
                                  {sfml(Vec{a.x - nx, a.y - ny}), paint},
                                  {sfml(Vec{b.x - nx, b.y - ny}), paint}};
    target_.draw(corners, 4, sf::TriangleStrip);
  }
  if (half > 0.75 && color.a == 255)  // round ends would show twice through a transparent line
    for (const Vec end : {a, b}) disc(end, half, color);
}

void SfmlCanvas::line(Vec from, Vec to, Color color, double width) {
  stroke(view_.pixel(from), view_.pixel(to), color, view_.scale * width);
}

void SfmlCanvas::outline(std::span<const Vec> pixels, Color color, double width) {
  for (size_t k = 0; k < pixels.size(); ++k) stroke(pixels[k], pixels[(k + 1) % pixels.size()], color, width);
}

void SfmlCanvas::circle(Vec center, double radius, core::Paint paint) {
  const Vec at = view_.pixel(center);
  const double pixels = view_.scale * radius, width = view_.scale * paint.width;
  if (paint.fill.a) disc(at, pixels, paint.fill);
  if (!paint.line.a || width <= 0) return;
  sf::CircleShape ring(static_cast<float>(pixels - width / 2),
                       static_cast<size_t>(std::clamp(4 * std::sqrt(pixels) + 8, 12.0, 160.0)));
  ring.setOrigin(ring.getRadius(), ring.getRadius());
  ring.setPosition(sfml(at));
  ring.setFillColor(sf::Color::Transparent);
  ring.setOutlineThickness(static_cast<float>(width));
  ring.setOutlineColor(sfml(paint.line));
  target_.draw(ring);
}

static double cross(Vec a, Vec b, Vec c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

static bool inside(Vec p, Vec a, Vec b, Vec c) {
  return cross(a, b, p) >= 0 && cross(b, c, p) >= 0 && cross(c, a, p) >= 0;
}

static double area(std::span<const Vec> p) {
  double twice = 0;
  for (size_t k = 0; k < p.size(); ++k) {
    const Vec a = p[k], b = p[(k + 1) % p.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

// Whether the corner at `k` of the ring turns left and holds no other corner.
static bool is_ear(std::span<const Vec> p, const std::vector<size_t>& ring, size_t k) {
  const size_t n = ring.size(), before = ring[(k + n - 1) % n], at = ring[k], after = ring[(k + 1) % n];
  if (cross(p[before], p[at], p[after]) <= 0) return false;
  return std::none_of(ring.begin(), ring.end(), [&](size_t other) {
    return other != before && other != at && other != after && inside(p[other], p[before], p[at], p[after]);
  });
}

std::vector<std::array<size_t, 3>> triangulate(std::span<const Vec> points) {
  std::vector<size_t> ring(points.size());
  std::iota(ring.begin(), ring.end(), size_t{0});
  if (area(points) < 0) std::reverse(ring.begin(), ring.end());
  std::vector<std::array<size_t, 3>> triangles;
  while (ring.size() >= 3) {
    size_t k = 0;
    while (k < ring.size() && !is_ear(points, ring, k)) ++k;
    if (k == ring.size()) k = 0;  // degenerate: corners on one line
    const size_t n = ring.size();
    triangles.push_back({ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n]});
    ring.erase(ring.begin() + static_cast<ptrdiff_t>(k));
  }
  return triangles;
}

void SfmlCanvas::polygon(std::span<const Vec> points, core::Paint paint) {
  std::vector<Vec> pixels(points.begin(), points.end());
  for (Vec& point : pixels) point = view_.pixel(point);
  if (paint.fill.a) {
    std::vector<sf::Vertex> corners;
    for (const auto& triangle : triangulate(pixels))
      for (const size_t k : triangle) corners.emplace_back(sfml(pixels[k]), sfml(paint.fill));
    target_.draw(corners.data(), corners.size(), sf::Triangles);
  }
  if (paint.line.a && paint.width > 0) outline(pixels, paint.line, view_.scale * paint.width);
}

// SFML rounds every letter's width to pixels, which adds up: a little room between letters, or less of it,
// makes the line as wide as it was measured.
static void fit_letters(sf::Text& line, const sf::Font& font, double width) {
  const auto letters = static_cast<double>(line.getString().getSize());
  const double measured = line.findCharacterPos(line.getString().getSize()).x - line.findCharacterPos(0).x;
  const double unit = font.getGlyph(' ', line.getCharacterSize(), false).advance / 3;  // of setLetterSpacing
  if (letters > 0 && unit > 0)
    line.setLetterSpacing(static_cast<float>(1 + (width - measured) / letters / unit));
}

void SfmlCanvas::text(Vec at, std::string_view words, double height, Color color, core::Align align) {
  const double size = view_.scale * height, width = text_width(words, size);
  const Vec anchor = view_.pixel(at);
  const double shift = align == core::Align::left ? 0 : align == core::Align::center ? width / 2 : width;
  const auto letters = static_cast<unsigned>(std::max(1.0, std::round(size / capital)));
  sf::Text line(sf::String::fromUtf8(words.begin(), words.end()), font_, letters);
  line.setFillColor(sfml(color));
  fit_letters(line, font_, width);
  // SFML places the top of a line whose baseline lies one character size below; whole pixels keep letters
  // sharp.
  line.setPosition(static_cast<float>(std::round(anchor.x - shift)),
                   static_cast<float>(std::round(anchor.y) - letters));
  target_.draw(line);
}

void SfmlCanvas::image(Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) {
  std::vector<sf::Uint8> rgba;
  for (size_t k = 0; k < static_cast<size_t>(width) * height; ++k) {
    const uint8_t* p = pixels.data() + k * channels;
    for (const int c : {0, 1, 2}) rgba.push_back(p[channels < 3 ? 0 : c]);
    rgba.push_back(channels == 4 ? p[3] : 255);
  }
  sf::Texture texture;
  texture.create(static_cast<unsigned>(width), static_cast<unsigned>(height));
  texture.update(rgba.data());
  sf::Sprite sprite(texture);
  sprite.setPosition(sfml(view_.pixel({where.x, where.y + where.height})));
  sprite.setScale(static_cast<float>(view_.scale * where.width / width),
                  static_cast<float>(view_.scale * where.height / height));
  target_.draw(sprite);
}

}  // namespace render
