#include "render/easel.h"

#include "render/cairo_canvas.h"

namespace render {

envs::OffscreenCanvas easel(int width, int height) {
  auto canvas = std::make_unique<CairoCanvas>(width, height);
  const CairoCanvas& seen = *canvas;
  return {std::move(canvas), [&seen] { return seen.image(); }};
}

}  // namespace render
