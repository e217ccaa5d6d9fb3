// A canvas that writes down what is drawn on it.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "core/canvas.h"

namespace tests {

struct Recording final : core::Canvas {
  std::string lines;  // one per call
  int views = 0, shapes = 0;
  bool finite = true, view_first = true;

  void view(core::Rect world, core::Color) override {
    ++views;
    note("view", {world.x, world.y, world.width, world.height});
  }
  void line(core::Vec from, core::Vec to, core::Color, double width) override {
    shape("line", {from.x, from.y, to.x, to.y, width});
  }
  void circle(core::Vec center, double radius, core::Paint) override {
    shape("circle", {center.x, center.y, radius});
  }
  void polygon(std::span<const core::Vec> points, core::Paint) override {
    for (const core::Vec point : points) note("corner", {point.x, point.y});
    shape("polygon", {double(points.size())});
  }
  void text(core::Vec at, std::string_view words, double height, core::Color, core::Align) override {
    shape("text " + std::string(words), {at.x, at.y, height});
  }
  void image(core::Rect where, std::span<const uint8_t> pixels, int, int, int) override {
    shape("image", {where.x, where.y, where.width, where.height, double(pixels.size())});
  }

 private:
  void shape(const std::string& name, std::initializer_list<double> numbers) {
    ++shapes;
    view_first &= views > 0;
    note(name, numbers);
  }
  void note(const std::string& name, std::initializer_list<double> numbers) {
    lines += name;
    for (const double number : numbers) {
      finite &= std::isfinite(number);
      lines += fmt::format(" {:.6g}", number);
    }
    lines += '\n';
  }
};

}  // namespace tests
