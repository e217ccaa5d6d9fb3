// How like the data samples are: modes that are met, sliced Wasserstein distance, Frechet distance.
#pragma once

#include "training/torch.h"

#include "training/data/all.h"

namespace generative {

// A mode counts as met when at least 2 % of all samples lie within three deviations of it.
struct Coverage {
  int64_t modes;
  double within;  // share of the samples that are within three deviations of some mode
};
Coverage coverage(const torch::Tensor& samples, const training::data::Mixture& modes);  // [N, D]

// How many of K classes have at least a tenth of an even share of the samples [N, D], each of which counts
// for the class [M] of the nearest of the rows [M, D]; of many samples and rows some, evenly spaced.
int64_t classes_met(const torch::Tensor& samples, const torch::Tensor& rows, const torch::Tensor& classes,
                    int64_t K);

// The class of each sample [N, D]: that of the nearest of the rows [M, D], whose classes are [M]; of many
// rows some, evenly spaced. [N] int64 on the CPU.
torch::Tensor nearest_classes(const torch::Tensor& samples, const torch::Tensor& rows,
                              const torch::Tensor& classes);
// At most so many rows, evenly spaced, a view.
torch::Tensor spaced(const torch::Tensor& rows, int64_t most);

// How often the nearest other one tells samples [N, D] from rows [M, D]: leave-one-out accuracy of one
// nearest neighbour among a thousand of each at most, as many of both (Lopez-Paz & Oquab 2017, Revisiting
// classifier two-sample tests). 0.5: they cannot be told apart; near 1: they can; near 0: the rows are
// copied.
double one_nn_accuracy(const torch::Tensor& samples, const torch::Tensor& rows);

// Root of the mean over random directions of W2^2 along each (Rabin, Peyre, Delon & Bernot 2012), in the
// data's unit; a [N, D], b [N, D]. The directions come from `generator`.
double sliced_wasserstein(const torch::Tensor& a, const torch::Tensor& b, const torch::Generator& generator);

struct Gaussian {
  torch::Tensor mean, covariance;  // [F], [F, F], float64
};
Gaussian fit(const torch::Tensor& features);  // [N, F], N well above F, or the covariance is singular
// |m_a - m_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^1/2) (Frechet 1957; Dowson & Landau 1982): the squared
// Wasserstein distance of two Gaussians.
double frechet(const Gaussian& a, const Gaussian& b);

}  // namespace generative
