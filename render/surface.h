// Cairo's pixels as ours.
#pragma once

#include <cairo.h>

#include "core/picture.h"

namespace render {

// [H, W, 3] of an image surface (RGB24 or ARGB32).
core::Image pixels_of(cairo_surface_t* surface);

}  // namespace render
