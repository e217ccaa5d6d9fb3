// What a classifier's answers are worth: how near the right class was, each class's own share of right and
// wrong, and whether its probabilities can be believed.
#pragma once

#include "training/torch.h"

namespace supervised {

// Of [M, K] logits and [M] classes.
// Share of the rows whose class is among the k with the largest logits.
double top_k(const torch::Tensor& logits, const torch::Tensor& classes, int64_t k);

// Of each class [K, 3]: precision, the share of the rows that were taken for it which are of it; recall, the
// share of its rows that were taken for it; F1, their harmonic mean. 0 where there is nothing to share.
torch::Tensor per_class(const torch::Tensor& guesses, const torch::Tensor& classes, int64_t K);
// The plain mean of all classes' F1.
double macro_f1(const torch::Tensor& guesses, const torch::Tensor& classes, int64_t K);

// Rows by their largest probability, in bins of equal width (Guo et al. 2017, On calibration of modern neural
// networks): each bin's share of the rows, mean confidence and accuracy, [bins, 3]; zeros of an empty one.
torch::Tensor reliability(const torch::Tensor& logits, const torch::Tensor& classes, int64_t bins = 15);
// Their equation 3, the expected calibration error: |confidence - accuracy| in the mean over the rows.
double calibration_error(const torch::Tensor& logits, const torch::Tensor& classes, int64_t bins = 15);

}  // namespace supervised
