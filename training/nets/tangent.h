// The forward mode of a slope, by two backward ones: what a net's outputs do where its parameters move.
#pragma once

#include "training/torch.h"

#include <vector>

namespace training {

// d outputs / d parameters times `direction`, a tensor for each parameter: of the shape of `outputs`, whose
// graph stays. Parameters that take no gradient stand still.
torch::Tensor tangent(const torch::Tensor& outputs, const std::vector<torch::Tensor>& parameters,
                      const std::vector<torch::Tensor>& direction);

}  // namespace training
