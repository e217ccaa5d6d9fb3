#include "agents/value/q_head.h"

#include <algorithm>

namespace agents {

int64_t QHead::best(const float* row, MaskRow mask) const {
  return best_possible(row + dueling, actions, mask);
}

float QHead::value(const float* row, int64_t action) const {
  if (!dueling) return row[action];
  float sum = 0;
  for (int64_t a = 1; a <= actions; ++a) sum += row[a];
  return row[0] + row[1 + action] - sum / static_cast<float>(actions);
}

void QHead::backward(int64_t action, float d_value, float* d_row) const {
  std::fill_n(d_row, outputs(), dueling ? -d_value / static_cast<float>(actions) : 0.0f);
  if (dueling) d_row[0] = d_value;
  d_row[dueling + action] += d_value;
}

torch::Tensor QHead::values(const torch::Tensor& outputs) const {
  if (!dueling) return outputs;
  const torch::Tensor advantages = outputs.narrow(1, 1, actions);  // [N, A]
  return outputs.narrow(1, 0, 1) + advantages - advantages.mean(1, true);
}

}  // namespace agents
