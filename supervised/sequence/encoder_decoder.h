// Recurrent encoder and decoder (Cho et al. 2014; Sutskever et al. 2014): one reads a question, from both
// ends (Schuster & Paliwal 1997), the other writes the answer, and looks back at every step (Bahdanau et al.
// 2015; Luong et al. 2015).
#pragma once

#include "training/torch.h"

#include <string>

#include "core/options.h"
#include "supervised/sequence/answers.h"
#include "training/nets/recurrent.h"
#include "training/nets/soft_attention.h"

namespace supervised {

struct EncoderDecoderOptions {
  int64_t embedding = 32;
  bool bidirectional = true;
  std::string attention = "bahdanau", weights = "softmax";

  void fields(core::Fields& f);
};

class EncoderDecoderImpl : public torch::nn::Module {
 public:
  EncoderDecoderImpl(int64_t symbols, const EncoderDecoderOptions& options,
                     const training::RecurrentOptions& net);

  struct Encoded {
    torch::Tensor annotations;       // [B, Q, A], of each symbol in its place
    torch::Tensor summary;           // [B, 1, A], where each direction ended
    torch::Tensor keys, there;       // [B, Q, D], [B, Q]
    training::RecurrentState state;  // with which the decoder begins
  };
  // Rows of questions [B, Q], filled up behind where `there` [B, Q] is false: what stands there changes
  // nothing.
  Encoded encode(const torch::Tensor& asked, const torch::Tensor& there);

  // What follows each of the symbols `read` [B, T] of an answer, from `state` on, which then is what they
  // left.
  Written decode(const Encoded& encoded, training::RecurrentState& state, const torch::Tensor& read);

 private:
  training::RecurrentState first_state(const torch::Tensor& summary);
  Written look_back_first(const Encoded& encoded, training::RecurrentState& state, const torch::Tensor& x);
  Written look_back_after(const Encoded& encoded, training::RecurrentState& state, const torch::Tensor& x);
  torch::Tensor logits(const torch::Tensor& states, const torch::Tensor& context);

  EncoderDecoderOptions options_;
  int64_t layers_, width_, state_parts_;
  torch::nn::Embedding symbols_{nullptr};
  training::Recurrent forwards_{nullptr}, backwards_{nullptr}, decoder_{nullptr};
  training::SoftAttention attention_{nullptr};
  torch::nn::Linear start_{nullptr}, mixed_{nullptr}, output_{nullptr};
};
TORCH_MODULE(EncoderDecoder);

}  // namespace supervised
