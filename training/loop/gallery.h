// Tensors into a Gallery: pictures, points, matrices, in the layout that core/picture.h asks for.
#pragma once

#include "training/torch.h"

#include <optional>
#include <string>
#include <vector>

#include "core/picture.h"

namespace training {

std::vector<float> floats(const torch::Tensor& tensor);  // row-major

// pixels [N, C, H, W] in 0..1, or uint8; C is 1 or 3.
void add_images(core::Gallery& gallery, const std::string& name, const std::string& sentence,
                const torch::Tensor& pixels, int64_t columns = 0, std::vector<std::string> labels = {});
// xy [N, 2]; classes [N] int64, numbers of `labels`, their names; both empty where points have none.
void add_points(core::Gallery& gallery, const std::string& name, const std::string& sentence,
                const torch::Tensor& xy, core::Rect extent, const torch::Tensor& classes = {},
                std::vector<std::string> labels = {});
// The smallest box around xy [N, 2], a tenth wider on every side.
core::Rect around(const torch::Tensor& xy);
// The centres of a side x side grid over `extent`, top row first: [side * side, 2].
torch::Tensor grid_points(core::Rect extent, int64_t side);

// The class whose samples are wished, by its name or else its number; nothing where none is. Error that names
// the classes.
std::optional<int64_t> wished_class(const core::Gallery& gallery, const std::vector<std::string>& classes);
// The class of each sample, [gallery.n] int64: the wished one, else each in turn. Error likewise.
torch::Tensor wished_classes(const core::Gallery& gallery, const std::vector<std::string>& classes);

// Only rows of one shape make pictures: [C, H, W] with 1 or 3 channels.
bool are_images(const torch::Tensor& inputs);

}  // namespace training
