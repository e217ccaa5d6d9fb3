// What the kinds of pictures share: blank pages, laid out in pixels with y up, and planes with a frame.
#pragma once

#include "core/picture.h"
#include "render/cairo_canvas.h"

namespace render {

inline constexpr double word_height = 8;  // capitals of small words, pixels

// Error unless the picture has that many axes and as many numbers as they say.
void check_shape(const core::Picture& picture, size_t axes);
CairoCanvas blank_page(double width, double height);

core::Image draw_points(const core::Picture& picture);
core::Image draw_grid(const core::Picture& picture);
core::Image draw_matrix(const core::Picture& picture);

// Smallest and largest finite value; 0 and 1 where there is none; never equal.
std::pair<double, double> range_of(const std::vector<float>& values);

}  // namespace render
