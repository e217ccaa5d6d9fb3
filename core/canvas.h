// The drawing seam: environments and galleries draw in world units; render/ implements it on SFML and on
// Cairo.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace core {

struct Vec {  // world units, y up
  double x = 0, y = 0;
};

struct Color {  // sRGB, 0..255
  uint8_t r = 0, g = 0, b = 0, a = 255;
};

struct Rect {  // world units; (x, y) is the lower left corner
  double x = 0, y = 0, width = 1, height = 1;
};

// How a shape is painted. alpha 0 paints nothing; `width` is the outline's, in world units.
struct Paint {
  Color fill{0, 0, 0, 0};
  Color line{0, 0, 0, 0};
  double width = 0;
};

inline Paint filled(Color color) { return {.fill = color}; }
inline Paint outlined(Color color, double width) { return {.line = color, .width = width}; }

enum class Align { left, center, right };

class Canvas {
 public:
  virtual ~Canvas() = default;
  // Maps this window of the world to the whole picture, aspect kept and centred, and clears it to
  // `background`.
  virtual void view(Rect world, Color background) = 0;
  virtual void line(Vec from, Vec to, Color color, double width) = 0;
  virtual void circle(Vec center, double radius, Paint paint) = 0;
  // Convex or concave outline, at least three points, closed by itself.
  virtual void polygon(std::span<const Vec> points, Paint paint) = 0;
  // `height` of a capital letter in world units; `at` is the baseline's anchor.
  virtual void text(Vec at, std::string_view words, double height, Color color, Align align) = 0;
  // Row-major pixels, top row first, [H, W, C] with C = 1 (grey), 3 or 4; stretched to `where`, not smoothed.
  virtual void image(Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) = 0;
  // From now on nothing is painted outside of this part of the world; nullopt (and view) lift that again.
  virtual void clip(std::optional<Rect>) {}
  // From now on one more thing of this kind is painted ("cart"); "" and view end it. For whoever labels
  // pictures.
  virtual void object(std::string_view /*kind*/) {}
};

}  // namespace core
