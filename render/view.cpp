// The arithmetic of views and insets.
#include "render/view.h"

#include <algorithm>

namespace render {

using core::Rect, core::Vec;

View fit(Rect world, double width, double height) {
  const double scale = std::min(width / world.width, height / world.height);
  return {.scale = scale,
          .left = width / 2 - scale * (world.x + world.width / 2),
          .bottom = height / 2 + scale * (world.y + world.height / 2)};
}

void rectangle(core::Canvas& canvas, Rect r, core::Paint paint) {
  const Vec corners[] = {
      {r.x, r.y}, {r.x + r.width, r.y}, {r.x + r.width, r.y + r.height}, {r.x, r.y + r.height}};
  canvas.polygon(corners, paint);
}

void Inset::view(Rect world, core::Color background) {
  scale_ = std::min(where_.width / world.width, where_.height / world.height);
  x_ = where_.x + where_.width / 2 - scale_ * (world.x + world.width / 2);
  y_ = where_.y + where_.height / 2 - scale_ * (world.y + world.height / 2);
  outer_.clip(where_);
  rectangle(outer_, where_, core::filled(background));
}

Rect Inset::out(Rect world) const {
  const Vec corner = out(Vec{world.x, world.y});
  return {corner.x, corner.y, scale_ * world.width, scale_ * world.height};
}

core::Paint Inset::out(core::Paint paint) const {
  paint.width *= scale_;
  return paint;
}

void Inset::line(Vec from, Vec to, core::Color color, double width) {
  outer_.line(out(from), out(to), color, scale_ * width);
}

void Inset::circle(Vec center, double radius, core::Paint paint) {
  outer_.circle(out(center), scale_ * radius, out(paint));
}

void Inset::polygon(std::span<const Vec> points, core::Paint paint) {
  std::vector<Vec> moved(points.begin(), points.end());
  for (Vec& point : moved) point = out(point);
  outer_.polygon(moved, out(paint));
}

void Inset::text(Vec at, std::string_view words, double height, core::Color color, core::Align align) {
  outer_.text(out(at), words, scale_ * height, color, align);
}

void Inset::image(Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) {
  outer_.image(out(where), pixels, width, height, channels);
}

// A scene may narrow its part, never widen it.
void Inset::clip(std::optional<Rect> world) {
  if (!world) return outer_.clip(where_);
  const Rect part = out(*world);
  const double left = std::max(part.x, where_.x), low = std::max(part.y, where_.y);
  const double right = std::min(part.x + part.width, where_.x + where_.width);
  const double high = std::min(part.y + part.height, where_.y + where_.height);
  outer_.clip(Rect{left, low, std::max(0.0, right - left), std::max(0.0, high - low)});
}

}  // namespace render
