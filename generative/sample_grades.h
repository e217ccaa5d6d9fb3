// How a model without a likelihood is graded: its samples beside as many held-out rows. The same metrics for
// all such models, so that their runs compare.
#pragma once

#include "training/torch.h"

#include "training/data/all.h"
#include "training/loop/learner.h"

namespace generative {

// Registers sliced_wasserstein and one_nn_accuracy; where rows have classes `classes`, and of a model that is
// told them `class_agreement`; of a mixture `modes` and `within_3_sigma`. The score is the first one.
void register_sample_grades(training::Build& build, const training::data::Data& data, bool told_classes);

// Logs them. samples [N, ...] beside the N rows of `held`, on the same device; `asked` [N]: of each sample
// the class that was asked for, undefined where the model is told none.
void log_sample_grades(training::Eval& eval, const training::data::Data& data, const training::Dataset& held,
                       const torch::Tensor& samples, const torch::Tensor& asked = {});

}  // namespace generative
