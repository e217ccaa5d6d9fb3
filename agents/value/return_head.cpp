#include "agents/value/return_head.h"

#include <algorithm>

namespace agents {

static int64_t numbers_of(const Estimate& estimate) {
  return std::visit([](const auto& of) { return of.numbers(); }, estimate);
}

ReturnHead::ReturnHead(int64_t actions, bool dueling, Estimate estimate)
    : actions_(actions),
      numbers_(numbers_of(estimate)),
      dueling_(dueling),
      estimate_(std::move(estimate)),
      read_(static_cast<size_t>(numbers_)),
      slopes_(read_.size()),
      values_(static_cast<size_t>(actions)) {}

const float* ReturnHead::read(const float* row, int64_t action) {
  if (!dueling_) return row + action * numbers_;
  const float *advantages = row + numbers_, *own = advantages + action * numbers_;
  for (int64_t k = 0; k < numbers_; ++k) {
    float sum = 0;
    for (int64_t a = 0; a < actions_; ++a) sum += advantages[a * numbers_ + k];
    read_[static_cast<size_t>(k)] = row[k] + own[k] - sum / static_cast<float>(actions_);
  }
  return read_.data();
}

float ReturnHead::value(const float* row, int64_t action) {
  const float* z = read(row, action);
  return std::visit([&](const auto& of) { return of.mean(z); }, estimate_);
}

int64_t ReturnHead::best(const float* row, MaskRow mask) {
  // The value of the state is added to all alike.
  if (numbers_ == 1) return best_possible(row + dueling_, actions_, mask);
  for (int64_t a = 0; a < actions_; ++a) values_[static_cast<size_t>(a)] = value(row, a);
  return best_possible(values_.data(), actions_, mask);
}

torch::Tensor ReturnHead::values(const torch::Tensor& outputs) {
  const torch::Tensor rows = outputs.contiguous(), all = torch::empty({rows.size(0), actions_});
  for (int64_t i = 0; i < rows.size(0); ++i)
    for (int64_t a = 0; a < actions_; ++a)
      all.data_ptr<float>()[i * actions_ + a] = value(rows.data_ptr<float>() + i * rows.size(1), a);
  return all;
}

// From the slopes of the K numbers of one action.
void ReturnHead::backward(int64_t action, float weight, float* d_row) const {
  for (int64_t k = 0; k < numbers_; ++k) {
    const float slope = weight * slopes_[static_cast<size_t>(k)];
    for (int64_t a = 0; a < actions_ + dueling_; ++a)
      d_row[a * numbers_ + k] = dueling_ ? -slope / static_cast<float>(actions_) : 0.0f;
    if (dueling_) d_row[k] = slope;
    d_row[(dueling_ + action) * numbers_ + k] += slope;
  }
}

TdLoss ReturnHead::loss(const float* row, int64_t action, const TdTarget& target, float weight,
                        float* d_row) {
  const float* z = read(row, action);
  TdLoss loss = std::visit([&](auto& of) { return of.loss(z, target, slopes_.data()); }, estimate_);
  backward(action, weight, d_row);
  loss.loss *= weight;
  return loss;
}

}  // namespace agents
