// t-SNE (van der Maaten & Hinton 2008): rows of many numbers laid out in the plane, so that near are those
// that are alike. Exact, M^2 operations an iteration.
#pragma once

#include "training/torch.h"

namespace generative {

struct TsneOptions {
  double perplexity = 30;  // how many neighbours a row has, smoothly counted; at most a third of the rows
  int64_t iterations = 400;
};

// p_j|i [M, M] of rows [M, D], float64, zeros on the diagonal: the width of each row's Gaussian so
// that the entropy of its neighbours is ln(perplexity) (their eq. 1).
torch::Tensor neighbour_probabilities(const torch::Tensor& rows, double perplexity);
// d KL(P || Q) / d places (eq. 5), P [M, M] joint, places [2, M], contiguous and of one type.
torch::Tensor tsne_gradient(const torch::Tensor& P, const torch::Tensor& places);
// Places in the plane, [M, 2] float64, M >= 10. They begin along `start` [M, 2], such as two principal
// components, so that the same rows always give the same map.
torch::Tensor tsne(const torch::Tensor& rows, const torch::Tensor& start, const TsneOptions& options = {});

}  // namespace generative
