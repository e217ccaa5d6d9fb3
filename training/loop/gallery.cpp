// Layouts, nothing more.
#include "training/loop/gallery.h"

#include <algorithm>

namespace training {

std::vector<float> floats(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
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
                const torch::Tensor& xy, core::Rect extent) {
  gallery.points(name, sentence, floats(xy), extent);
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
