#include "render/easel.h"

#include "render/raster_canvas.h"

namespace render {

envs::OffscreenCanvas easel(int width, int height) {
  auto canvas = std::make_unique<RasterCanvas>(width, height);
  const RasterCanvas& seen = *canvas;
  return {std::move(canvas), width, height,
          [&seen](int channels, uint8_t* out) { seen.read(channels, out); }};
}

}  // namespace render
