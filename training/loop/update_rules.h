// How one step moves a parameter: SGD (momentum: Polyak 1964, Nesterov 1983), Adagrad (Duchi et al. 2011),
// Adadelta (Zeiler 2012), RMSprop (Tieleman & Hinton 2012), Adam (Kingma & Ba 2015), AdamW (Loshchilov &
// Hutter 2019), Lion (Chen et al. 2023), Muon (Jordan 2024).
#pragma once

#include "training/torch.h"

#include <string>

#include "training/loop/optimizer.h"

namespace training {

struct UpdateRule {
  const OptimOptions& options;
  std::string algorithm;
  double lr, weight_decay;
  int64_t step;  // from 1
};

// On plain float arrays of n elements, each by itself: every algorithm but Muon. Its twin in tensor
// operations serves other precisions, CUDA and the tests. `first` and `second`: what the algorithm remembers,
// if it does.
void apply_native(const UpdateRule& rule, float* parameter, const float* gradient, float* first,
                  float* second, int64_t n);
void apply_tensors(const UpdateRule& rule, torch::Tensor parameter, const torch::Tensor& gradient,
                   torch::Tensor first, torch::Tensor second);

// Of a matrix U S V^T nearly U V^T: each singular value, once divided by the matrix's norm, goes five times
// through 3.4445 s - 4.7750 s^3 + 2.0315 s^5, which sends those from 0.01 on to 0.68 .. 1.14.
torch::Tensor orthogonalised(const torch::Tensor& matrix);

}  // namespace training
