// Models that are told each row's class (condition: class), so that samples of one can be asked for.
#pragma once

#include "training/torch.h"

#include <string>

#include "training/data/all.h"

namespace generative {

// Whether each row has one of two classes or more.
bool has_classes(const training::data::Data& data);
// Error that names `option` and the data set unless it has.
void require_classes(const training::data::Data& data, const std::string& source, const std::string& option);

// One-hot behind the numbers of each row: x [..., B, Z], classes [B] below K -> [..., B, Z + K]; x itself
// where K is 0.
torch::Tensor with_class(const torch::Tensor& x, const torch::Tensor& classes, int64_t K);

}  // namespace generative
