// A canvas in memory for environments that are seen as pixels.
#pragma once

#include "envs/wrappers/pixels.h"

namespace render {

// Width and height in pixels; drawn by RasterCanvas.
envs::OffscreenCanvas easel(int width, int height);

}  // namespace render
