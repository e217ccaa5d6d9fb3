// The same steps in tensor operations (training/loop/update_rules.h), for other precisions, CUDA and the
// tests; and Muon (Jordan 2024), which moves matrices.
#pragma once

#include "training/torch.h"

#include "training/loop/update_rules.h"

namespace training {

void apply_tensors(const UpdateRule& rule, torch::Tensor parameter, const torch::Tensor& gradient,
                   torch::Tensor first, torch::Tensor second);

// Of a matrix U S V^T nearly U V^T: each singular value, once divided by the matrix's norm, goes five times
// through 3.4445 s - 4.7750 s^3 + 2.0315 s^5, which sends those from 0.01 on to 0.68 .. 1.14.
torch::Tensor orthogonalised(const torch::Tensor& matrix);

}  // namespace training
