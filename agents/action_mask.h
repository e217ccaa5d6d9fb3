// Which actions are possible, as environments tell it. What is not gets a logit so low that its probability
// is 0, in sampling, loss and entropy (Huang & Ontanon 2022, A closer look at invalid action masking).
#pragma once

#include "training/torch.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "envs/envs.h"

namespace agents {

// exp() of its distance to any logit that a net puts out is 0, and every sum with it stays finite.
inline constexpr float impossible = -1e9f;

// uint8 [leading..., A], all 1, where the environment tells it; undefined else, which stands for all 1.
torch::Tensor mask_tensor(const envs::Spec& spec, std::vector<int64_t> leading);
// What N environments allow now, into mask [N, A]; nothing where it is undefined.
void read_mask(const envs::Envs& envs, const torch::Tensor& mask);
// Rows of a mask; undefined where it is.
torch::Tensor select_mask(const torch::Tensor& mask, const torch::Tensor& rows);

// Overwrites the first A of rows of outputs where they are of actions that are impossible.
void apply_mask(const torch::Tensor& mask, const torch::Tensor& outputs);
// A possible action for each of N rows, each as likely: [N] int64.
torch::Tensor random_actions(const torch::Tensor& mask, int64_t N, int64_t A, torch::Generator generator);
// The actions [N], but each of them with probability epsilon such a random one instead.
torch::Tensor explore(const torch::Tensor& actions, const torch::Tensor& mask, int64_t A, double epsilon,
                      torch::Generator generator);

// One row [A]; null: all are possible.
using MaskRow = const uint8_t*;
inline MaskRow row_of(const torch::Tensor& mask, int64_t i) {
  return mask.defined() ? mask.data_ptr<uint8_t>() + i * mask.size(-1) : nullptr;
}

// The first of the best possible ones; 0 where nothing is possible.
template <class T>
int64_t best_possible(const T* values, int64_t A, MaskRow mask) {
  if (!mask) return std::max_element(values, values + A) - values;
  int64_t best = -1;
  for (int64_t a = 0; a < A; ++a)
    if (mask[a] && (best < 0 || values[a] > values[best])) best = a;
  return std::max<int64_t>(best, 0);
}

// Each possible one as likely; 0 where nothing is possible.
int64_t random_possible(int64_t A, MaskRow mask, core::Pcg64& random);

}  // namespace agents
