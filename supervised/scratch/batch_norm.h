// Batch normalisation (Ioffe & Szegedy 2015), made of sums and broadcasts alone.
#pragma once

#include "supervised/scratch/tensor.h"

namespace supervised::scratch {

// Of each channel, [C]: what it is multiplied by and moved by, and the running mean and variance, which are
// moved a tenth of the way with every batch that is learned from.
template <class T>
struct ChannelNorm {
  Tensor<T> gain, shift, mean, variance;
};

// x [B, C, ...] to mean 0 and variance 1 in each channel: of this batch while `learning`, else by the running
// ones.
template <class T>
Tensor<T> batch_norm(const Tensor<T>& x, const ChannelNorm<T>& norm, bool learning);

}  // namespace supervised::scratch
