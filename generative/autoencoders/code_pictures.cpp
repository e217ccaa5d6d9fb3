#include "generative/autoencoders/code_pictures.h"

#include <algorithm>

#include "generative/autoencoders/pca.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Tensor;

void show_interpolations(core::Gallery& gallery, const Tensor& ends, const Decode& decode) {
  constexpr int64_t columns = 10;
  if (ends.size(0) < 2) return;
  const Tensor pairs = ends.view({ends.size(0) / 2, 2, 1, -1});
  const Tensor share = torch::linspace(0, 1, columns, ends.options()).view({columns, 1});
  const Tensor way =
      pairs.select(1, 0) + share * (pairs.select(1, 1) - pairs.select(1, 0));  // [P, columns, Z]
  training::add_images(gallery, "interpolations",
                       "From one validation picture to another, straight through the codes",
                       decode(way.flatten(0, 1)), columns);
}

void show_code_sheet(core::Gallery& gallery, core::Rect window, const Decode& decode) {
  constexpr int64_t side = 12;
  training::add_images(gallery, "sheet", "What the codes of a square grid of the plane mean",
                       decode(training::grid_points(window, side)), side);
}

// A square, as large as it must be: what is drawn of it keeps its size while codes spread.
static core::Rect square_around(const Tensor& xy) {
  const core::Rect box = training::around(xy);
  const double side = std::max(box.width, box.height);
  return {box.x + (box.width - side) / 2, box.y + (box.height - side) / 2, side, side};
}

void show_code_map(core::Gallery& gallery, const std::string& codes_of, const Tensor& codes) {
  const bool plane = codes.size(1) == 2;
  const Tensor xy = plane ? codes : principal_components(training::Dataset{codes, {}}).encode(codes.cpu(), 2);
  training::add_points(gallery, "latents", codes_of + (plane ? "" : ", along their two principal components"),
                       xy, square_around(xy));
}

}  // namespace generative
