// The two loops that t-SNE spends its time in, without LibTorch.
#pragma once

#include <cstdint>

namespace generative {

// p_j|i [M] of one row's squared distances to all [M] (of the order of 1), 0 of itself: the precision of its
// Gaussian by Newton's steps, by bisection where one leads outside, until the entropy is ln(perplexity).
void neighbours_of_row(const double* distances, int64_t M, int64_t self, double perplexity, double* p);

// d KL(P || Q) / d places (eq. 5 of van der Maaten & Hinton 2008) of M places x, y [M], P [M, M] joint, into
// dx, dy [M].
void tsne_slope(const float* P, const float* x, const float* y, int64_t M, float* dx, float* dy);
void tsne_slope(const double* P, const double* x, const double* y, int64_t M, double* dx, double* dy);

}  // namespace generative
