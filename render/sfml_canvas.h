// Canvas on any sf::RenderTarget. Edges are smooth where the target was made with an antialiasingLevel.
#pragma once

#include <SFML/Graphics.hpp>

#include <array>
#include <vector>

#include "core/canvas.h"
#include "render/view.h"

namespace render {

// Triangles (indices into `points`) that fill a simple polygon, convex or not, by cutting off ears (Meisters
// 1975).
std::vector<std::array<size_t, 3>> triangulate(std::span<const core::Vec> points);

class SfmlCanvas : public core::Canvas {
 public:
  // The target must outlive the canvas. Error(missing_package) without the font.
  explicit SfmlCanvas(sf::RenderTarget& target);

  void view(core::Rect world, core::Color background) override;
  void line(core::Vec from, core::Vec to, core::Color color, double width) override;
  void circle(core::Vec center, double radius, core::Paint paint) override;
  void polygon(std::span<const core::Vec> points, core::Paint paint) override;
  void text(core::Vec at, std::string_view words, double height, core::Color color,
            core::Align align) override;
  void image(core::Rect where, std::span<const uint8_t> pixels, int width, int height, int channels) override;
  void clip(std::optional<core::Rect> world) override;

 private:
  void disc(core::Vec pixel, double radius, core::Color color);                      // pixels
  void stroke(core::Vec from, core::Vec to, core::Color color, double width);        // pixels, round ends
  void outline(std::span<const core::Vec> pixels, core::Color color, double width);  // closed

  sf::RenderTarget& target_;
  sf::Font font_;
  View view_;
};

}  // namespace render
