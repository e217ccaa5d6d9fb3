// How a network's outputs tell the returns of actions: K numbers for each, as one of the estimates means
// them, and as they stand or dueling (Wang et al. 2016): V + A_a - mean A, number by number.
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <variant>
#include <vector>

#include "agents/action_mask.h"
#include "agents/value/c51.h"
#include "agents/value/dqn.h"
#include "agents/value/qr_dqn.h"

namespace agents {

using Estimate = std::variant<Expectation, Categorical, Quantiles>;

// One row of outputs: [A, K] or, dueling, [1 + A, K].
class ReturnHead {
 public:
  ReturnHead(int64_t actions, bool dueling, Estimate estimate);

  int64_t actions() const { return actions_; }  // A
  int64_t numbers() const { return numbers_; }  // K
  int64_t outputs() const { return (actions_ + dueling_) * numbers_; }

  int64_t best(const float* row, MaskRow mask = nullptr);  // argmax_a Q, of the possible
  float value(const float* row, int64_t action);           // Q(s, a)
  const float* read(const float* row, int64_t action);     // [K], until the next call
  torch::Tensor values(const torch::Tensor& outputs);      // [N, outputs] -> [N, A]
  // Of a row and the action that was taken, times `weight`; writes d loss / d row.
  TdLoss loss(const float* row, int64_t action, const TdTarget& target, float weight, float* d_row);

 private:
  void backward(int64_t action, float weight, float* d_row) const;

  int64_t actions_, numbers_;
  bool dueling_;
  Estimate estimate_;
  std::vector<float> read_, slopes_, values_;  // [K], [K], [A]
};

}  // namespace agents
