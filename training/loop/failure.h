// Errors of LibTorch, which carry a trace of its own calls, in words for a user.
#pragma once

#include <exception>
#include <string>

#include "training/torch.h"

namespace training {

std::string sentence(const std::exception& error);  // its first line, without places in LibTorch's source
bool is_out_of_memory(const std::exception& error);
// Error(failed) unless all are finite: `what` a net gave, such as "the logits". Its weights may be finite and
// too large.
void require_finite(const torch::Tensor& numbers, const std::string& what);

}  // namespace training
