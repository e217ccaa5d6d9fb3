// Pictures in another size.
#pragma once

#include "core/picture.h"

namespace render {

// Every pixel is the average of what it covers, parts of pixels too: nothing is skipped when it gets smaller,
// edges stay sharp when it gets larger. width and height from 1 on.
core::Image scaled(const core::Image& image, int width, int height);

}  // namespace render
