// Layouts, and what a request says of classes.
#include "training/loop/gallery.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/nearest.h"

namespace training {

std::vector<float> floats(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::optional<int64_t> wished_class(const core::Gallery& gallery, const std::vector<std::string>& classes) {
  const std::optional<std::string>& name = gallery.request.class_name.heed();
  if (!name) return std::nullopt;
  const auto named = std::find(classes.begin(), classes.end(), *name);
  if (named != classes.end()) return named - classes.begin();
  int64_t number = -1;
  const char* end = name->data() + name->size();
  const bool whole = std::from_chars(name->data(), end, number).ptr == end;
  core::check(whole && number >= 0 && number < std::ssize(classes),
              "class: '{}' is none of the {} classes, 0 .. {}{}", *name, classes.size(), classes.size() - 1,
              core::suggestion(*name, classes));
  return number;
}

torch::Tensor wished_classes(const core::Gallery& gallery, const std::vector<std::string>& classes) {
  const std::optional<int64_t> one = wished_class(gallery, classes);
  return one ? torch::full({gallery.n}, *one, torch::kInt64)
             : torch::arange(gallery.n, torch::kInt64) % std::ssize(classes);
}

bool are_images(const torch::Tensor& inputs) {
  return inputs.dim() == 4 && (inputs.size(1) == 1 || inputs.size(1) == 3);
}

void add_images(core::Gallery& gallery, const std::string& name, const std::string& sentence,
                const torch::Tensor& pixels, int64_t columns, std::vector<std::string> labels) {
  torch::Tensor rows = pixels.permute({0, 2, 3, 1});  // [N, H, W, C]
  if (rows.scalar_type() == torch::kUInt8) rows = rows.to(torch::kFloat32) / 255;
  gallery.images(name, sentence, rows.sizes().vec(), floats(rows), columns, std::move(labels));
}

void add_points(core::Gallery& gallery, const std::string& name, const std::string& sentence,
                const torch::Tensor& xy, core::Rect extent, const torch::Tensor& classes,
                std::vector<std::string> labels) {
  std::vector<int64_t> numbers;
  if (classes.defined()) {
    const torch::Tensor flat = classes.to(torch::kCPU, torch::kInt64).contiguous();
    numbers.assign(flat.data_ptr<int64_t>(), flat.data_ptr<int64_t>() + flat.numel());
  }
  gallery.points(name, sentence, floats(xy), extent, std::move(numbers), std::move(labels));
}

core::Rect around(const torch::Tensor& xy) {
  const auto low = floats(std::get<0>(xy.min(0))), high = floats(std::get<0>(xy.max(0)));
  const double width = std::max(1e-6, double(high[0]) - low[0]),
               height = std::max(1e-6, double(high[1]) - low[1]);
  return {low[0] - 0.1 * width, low[1] - 0.1 * height, 1.2 * width, 1.2 * height};
}

torch::Tensor grid_points(core::Rect extent, int64_t side) {
  const torch::Tensor step = (torch::arange(side) + 0.5) / double(side);
  const torch::Tensor x = (extent.x + extent.width * step).expand({side, side});
  const torch::Tensor y = (extent.y + extent.height * step.flip(0)).unsqueeze(1).expand({side, side});
  return torch::stack({x.flatten(), y.flatten()}, 1);
}

}  // namespace training
