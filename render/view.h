// How a window of the world lies on a picture; and a canvas inside a canvas.
#pragma once

#include <vector>

#include "core/canvas.h"

namespace render {

// World (y up) to pixels (y down, from the top left corner).
struct View {
  double scale = 1;             // pixels per world unit
  double left = 0, bottom = 0;  // pixels: where the world's origin lies

  core::Vec pixel(core::Vec world) const { return {left + scale * world.x, bottom - scale * world.y}; }
};

// `world` as large as it fits into width x height pixels, aspect kept, centred.
View fit(core::Rect world, double width, double height);

// A part of another canvas, for scenes with words around them and for tiles: the scene's own view() fills
// that part only. The outer canvas must outlive it.
class Inset : public core::Canvas {
 public:
  Inset(core::Canvas& outer, core::Rect where) : outer_(outer), where_(where) {}
  ~Inset() override { outer_.clip(std::nullopt); }
  Inset(const Inset&) = delete;
  Inset& operator=(const Inset&) = delete;

  void view(core::Rect world, core::Color background) override;
  void line(core::Vec from, core::Vec to, core::Color color, double width) override;
  void circle(core::Vec center, double radius, core::Paint paint) override;
  void polygon(std::span<const core::Vec> points, core::Paint paint) override;
  void text(core::Vec at, std::string_view words, double height, core::Color color,
            core::Align align) override;
  void image(core::Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) override;
  void clip(std::optional<core::Rect> world) override;

 private:
  core::Vec out(core::Vec world) const { return {x_ + scale_ * world.x, y_ + scale_ * world.y}; }
  core::Rect out(core::Rect world) const;
  core::Paint out(core::Paint paint) const;

  core::Canvas& outer_;
  core::Rect where_;
  double scale_ = 1, x_ = 0, y_ = 0;  // inner units -> outer units
};

void rectangle(core::Canvas& canvas, core::Rect where, core::Paint paint);

}  // namespace render
