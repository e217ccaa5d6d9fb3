// Layer normalisation (Ba, Kiros & Hinton 2016, equations 3 and 4), made of sums and broadcasts alone.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// x [B, D], each row to mean 0 and variance 1, then times `gain` [D] plus `shift` [D].
template <class T>
Tensor<T> layer_norm(const Tensor<T>& x, const Tensor<T>& gain, const Tensor<T>& shift);

}  // namespace supervised::scratch
