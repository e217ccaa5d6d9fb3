// What a forward pass noted on its way, so that a NaN report can name the first layer whose output went
// wrong.
#pragma once

#include "training/torch.h"

#include <string>
#include <utility>
#include <vector>

namespace training {

// Remembers the latest tensor of this name, of this thread, in order of first appearance. Does nothing where
// no gradients are recorded (acting, evaluation), so that nothing but learning pays for it. Of a step that is
// expendable (core/interrupt.h) a late signal is heeded here and, on the way back, behind the layer.
void trace(const std::string& name, const torch::Tensor& tensor);
// Forgets everything noted by this thread: the trainer does so before each step.
void clear_trace();
// "encoder.hidden_1 [128, 400] has a NaN": the first noted tensor that is not finite, or "" when all are.
std::string first_non_finite();
// Whether this thread's forward passes also note what comes behind a layer's activation: for one step, where
// the log looks at every layer.
void keep_activations(bool keep);
bool keeps_activations();
// What a layer puts out behind its activation. Does nothing where it is not kept.
void observe(const std::string& name, const torch::Tensor& activations);
// The latest of every name, behind the activation where that was observed; in order of first appearance.
std::vector<std::pair<std::string, torch::Tensor>> traced();
// "a NaN", "an Inf", or "" when every element is finite.
std::string non_finite(const torch::Tensor& tensor);

}  // namespace training
