// Attention of a decoder to the annotations of an encoder, by scores that one of two small nets gives:
//   Bahdanau et al. (2015), appendix A.1.2: v . tanh(W s + U h_j)
//   Luong et al. (2015), equation 8, general: s . W h_j
// and weights by softmax or sparsemax (Martins & Astudillo 2016).
#pragma once

#include "training/torch.h"

#include <string>

namespace training {

class SoftAttentionImpl : public torch::nn::Module {
 public:
  // States of `states` numbers, annotations of `annotations`; `score`: bahdanau or luong; `weigh`: softmax or
  // sparsemax.
  SoftAttentionImpl(int64_t states, int64_t annotations, const std::string& score, const std::string& weigh);

  // What does not change while an answer is written: [B, S, A] -> [B, S, D].
  torch::Tensor keys(const torch::Tensor& annotations);
  // How much each of T states looks at each annotation: [B, T, D], keys [B, S, D], there [B, S] bool ->
  // [B, T, S], rows that sum to 1, 0 where nothing is there.
  torch::Tensor weights(const torch::Tensor& states, const torch::Tensor& keys, const torch::Tensor& there);

 private:
  bool additive_, sparse_;
  torch::nn::Linear keys_{nullptr}, queries_{nullptr}, score_{nullptr};
};
TORCH_MODULE(SoftAttention);

}  // namespace training
