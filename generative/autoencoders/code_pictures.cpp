#include "generative/autoencoders/code_pictures.h"

#include <fmt/format.h>

#include <algorithm>

#include "generative/autoencoders/pca.h"
#include "generative/autoencoders/tsne.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Tensor;

void show_interpolations(core::Gallery& gallery, const Tensor& ends, const Decode& decode,
                         const std::string& sentence) {
  constexpr int64_t columns = 10;
  if (ends.size(0) < 2) return;
  const Tensor pairs = ends.view({ends.size(0) / 2, 2, 1, -1});
  const Tensor share = torch::linspace(0, 1, columns, ends.options()).view({columns, 1});
  const Tensor way =
      pairs.select(1, 0) + share * (pairs.select(1, 1) - pairs.select(1, 0));  // [P, columns, Z]
  training::add_images(gallery, "interpolations", sentence, decode(way.flatten(0, 1)), columns);
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

PointClasses::PointClasses(const training::Batch& rows, const std::vector<std::string>& class_names) {
  const Tensor& targets = rows.targets();
  if (class_names.empty() || !targets.defined() || targets.dim() != 1) return;
  of_rows = targets.cpu();
  names = class_names;
}

void show_code_map(core::Gallery& gallery, const std::string& codes_of, const Tensor& codes,
                   const PointClasses& classes) {
  constexpr int64_t few = 500;  // of which t-SNE costs a third of a second
  const auto show = [&](const std::string& name, const std::string& how, const Tensor& xy) {
    const Tensor of_rows = classes.of_rows.defined() ? classes.of_rows.narrow(0, 0, xy.size(0)) : Tensor();
    training::add_points(gallery, name, codes_of + how, xy, square_around(xy), of_rows, classes.names);
  };
  if (codes.size(1) == 2) return show("latents", "", codes);
  const Tensor all = codes.cpu(), main = principal_components(training::Dataset{all, {}}).encode(all, 2);
  show("latents", ", along their two principal components", main);
  const int64_t rows = std::min(few, all.size(0));
  if (rows < 10 || !all.isfinite().all().item<bool>()) return;
  show("tsne", fmt::format(", the first {} by t-SNE: near are those that are alike", rows),
       tsne(all.narrow(0, 0, rows), main.narrow(0, 0, rows)));
}

}  // namespace generative
