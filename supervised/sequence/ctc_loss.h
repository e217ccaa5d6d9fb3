// The loss of connectionist temporal classification (Graves et al. 2006): -ln p(labels | frames).
#pragma once

#include "training/torch.h"

#include <vector>

#include "supervised/sequence/ctc_alignments.h"

namespace supervised {

// Of rows of log probabilities [B, T, V], symbol 0 the blank, and the labels of each: [B] nats, infinite
// where the frames are too few for the labels. The backward is by hand. Computed in float64 on the CPU.
torch::Tensor ctc_loss(const torch::Tensor& log_probabilities, const std::vector<Labels>& labels);

// The same as plain numbers, for decoding: float64 on the CPU, contiguous.
torch::Tensor plain_frames(const torch::Tensor& log_probabilities);
inline Frames frames_of(const torch::Tensor& plain, int64_t row) {
  const int64_t T = plain.size(1), V = plain.size(2);
  return {plain.data_ptr<double>() + row * T * V, T, V};
}

}  // namespace supervised
