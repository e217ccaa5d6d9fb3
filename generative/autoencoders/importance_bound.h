// The bound of K importance weights (Burda, Grosse & Salakhutdinov 2016): E ln mean_k w_k <= ln p(x), where
// E w = p(x); it rises with K.
#pragma once

#include "training/torch.h"

#include <functional>

namespace generative {

torch::Tensor log_mean_exp(const torch::Tensor& log_weights);  // [K, B] -> [B]

// The same of K weights that are drawn `block` at a time, so that memory does not grow with K. `draw(n)`
// gives the logarithms of n more, [n, B].
torch::Tensor importance_bound(int64_t K, int64_t block,
                               const std::function<torch::Tensor(int64_t n)>& draw);  // [B]

// Dimensions of z whose mean, [M, Z], has a variance above 0.01 over rows (their section 5.2).
int64_t active_units(const torch::Tensor& means);

}  // namespace generative
