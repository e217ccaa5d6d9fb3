// Canvas for small pictures that are wanted by the ten thousand: observations. Lines, circles and polygons
// are painted by hand; words, images and what is clipped are Cairo's, on the same pixels. A channel is at
// most 32 of 255 from Cairo's where edges lie, which both approximate, and usually 5; elsewhere they are
// equal.
#pragma once

#include <optional>
#include <vector>

#include "core/coverage.h"
#include "render/cairo_canvas.h"

namespace render {

class RasterCanvas : public core::Canvas {
 public:
  RasterCanvas(int width, int height);  // in pixels, 1 .. 16384; Error otherwise

  // Its pixels into `out` [H, W, C]: 1 channel by luminance, or 3.
  void read(int channels, uint8_t* out) const;

  void view(core::Rect world, core::Color background) override;
  void line(core::Vec from, core::Vec to, core::Color color, double width) override;
  void circle(core::Vec center, double radius, core::Paint paint) override;
  void polygon(std::span<const core::Vec> points, core::Paint paint) override;
  void text(core::Vec at, std::string_view words, double height, core::Color color,
            core::Align align) override;
  void image(core::Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) override;
  void clip(std::optional<core::Rect> world) override;

 private:
  ptrdiff_t pixels() const { return ptrdiff_t{width_} * height_; }
  CairoCanvas& cairo();
  bool rectangle(core::Color color);
  void upright_rectangle(core::Vec from, core::Vec to, core::Color color);
  void stroke(core::Color color, double width);
  void fill(core::Color color);

  int width_, height_;
  CairoCanvas cairo_;
  uint32_t* words_;  // [H, W] of Cairo's surface: 0x00RRGGBB
  View view_;
  std::optional<core::Rect> world_;  // of a view that Cairo has not been told yet
  core::Coverage coverage_;
  std::vector<core::Vec> points_;  // of the present polygon, in pixels
  bool clipped_ = false;
};

}  // namespace render
