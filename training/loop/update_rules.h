// How one step moves a parameter: SGD (momentum: Polyak 1964, Nesterov 1983), Adagrad (Duchi et al. 2011),
// Adadelta (Zeiler 2012), RMSprop (Tieleman & Hinton 2012), Adam (Kingma & Ba 2015), AdamW (Loshchilov &
// Hutter 2019), Lion (Chen et al. 2023).
#pragma once

#include <cstdint>
#include <string>

#include "training/loop/optim_options.h"

namespace training {

struct UpdateRule {
  const OptimOptions& options;
  std::string algorithm;
  double lr, weight_decay;
  int64_t step;  // from 1
};

// On plain float arrays of n elements, each by itself: every algorithm but Muon. `first` and `second`: what
// the algorithm remembers, if it does.
void apply_native(const UpdateRule& rule, float* parameter, const float* gradient, float* first,
                  float* second, int64_t n);

}  // namespace training
