// What a forward pass noted on its way, so that a NaN report can name the first layer whose output went
// wrong.
#pragma once

#include "training/torch.h"

#include <string>

namespace training {

// Remembers the latest tensor of this name, of this thread, in order of first appearance. Does nothing where
// no gradients are recorded (acting, evaluation), so that nothing but learning pays for it. Of a step that is
// expendable (core/interrupt.h) a late signal is heeded here and, on the way back, behind the layer.
void trace(const std::string& name, const torch::Tensor& tensor);
// Forgets everything noted by this thread: the trainer does so before each step.
void clear_trace();
// "encoder.hidden_1 [128, 400] has a NaN": the first noted tensor that is not finite, or "" when all are.
std::string first_non_finite();
// "a NaN", "an Inf", or "" when every element is finite.
std::string non_finite(const torch::Tensor& tensor);

}  // namespace training
