// Pictures made smaller.
#pragma once

#include "core/picture.h"

namespace render {

// Every pixel the average of those that it covers, in parts where it covers parts. width and height are 1 ..
// the picture's own.
core::Image shrink(const core::Image& image, int width, int height);

}  // namespace render
