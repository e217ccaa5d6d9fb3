#include "training/nets/soft_attention.h"

#include "training/nets/sparsemax.h"

namespace training {

using torch::Tensor;

static constexpr double nowhere = -1e9;  // the score of what is not there

SoftAttentionImpl::SoftAttentionImpl(int64_t states, int64_t annotations, const std::string& score,
                                     const std::string& weigh)
    : additive_(score == "bahdanau"), sparse_(weigh == "sparsemax") {
  const auto without_bias = [](int64_t from, int64_t to) {
    return torch::nn::Linear(torch::nn::LinearOptions(from, to).bias(false));
  };
  keys_ = register_module("keys", without_bias(annotations, states));
  if (!additive_) return;
  queries_ = register_module("queries", without_bias(states, states));
  score_ = register_module("score", without_bias(states, 1));
}

Tensor SoftAttentionImpl::keys(const Tensor& annotations) { return keys_->forward(annotations); }

Tensor SoftAttentionImpl::weights(const Tensor& states, const Tensor& keys, const Tensor& there) {
  Tensor scores;
  if (additive_) {
    const Tensor both = queries_->forward(states).unsqueeze(2) + keys.unsqueeze(1);  // [B, T, S, D]
    scores = score_->forward(both.tanh()).squeeze(3);                                // [B, T, S]
  } else {
    scores = states.matmul(keys.transpose(1, 2));  // [B, T, S]
  }
  scores = scores.masked_fill(there.logical_not().unsqueeze(1), nowhere);
  return sparse_ ? sparsemax(scores) : scores.softmax(2);
}

}  // namespace training
