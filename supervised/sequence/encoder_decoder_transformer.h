// Encoder and decoder of attention alone (Vaswani et al. 2017): one looks at the question from both sides,
// the other at what it has written, and at what the first made of the question. Norms come before each part
// (Xiong et al. 2020), positions are learned, symbols enter and leave by the same weights, there are no
// biases.
#pragma once

#include "training/torch.h"

#include <vector>

#include "supervised/sequence/answers.h"
#include "training/nets/masked_attention.h"
#include "training/nets/transformer.h"

namespace supervised {

// x + drop(down(gelu(up(norm(x))))), with a hidden layer four times as wide.
class HiddenPartImpl : public torch::nn::Module {
 public:
  explicit HiddenPartImpl(const training::TransformerOptions& options);
  torch::Tensor forward(const torch::Tensor& x);  // [B, T, D] -> [B, T, D]

 private:
  double dropout_;
  torch::Tensor norm_, up_, down_;  // [D], [4 D, D], [D, 4 D]
};
TORCH_MODULE(HiddenPart);

// x + attention(norm(x)) from both sides to what is there, then the hidden part.
class ReadingBlockImpl : public torch::nn::Module {
 public:
  explicit ReadingBlockImpl(const training::TransformerOptions& options);
  torch::Tensor forward(const torch::Tensor& x,
                        const torch::Tensor& there);  // [B, Q, D], [B, Q] -> [B, Q, D]

 private:
  double dropout_;
  torch::Tensor norm_;  // [D]
  training::MaskedAttention attention_{nullptr};
  HiddenPart hidden_{nullptr};
};
TORCH_MODULE(ReadingBlock);

// x + attention(norm(x)) to what came before, the same to the question, then the hidden part.
class WritingBlockImpl : public torch::nn::Module {
 public:
  explicit WritingBlockImpl(const training::TransformerOptions& options);

  training::KvCache memory(const torch::Tensor& question) { return look_back_->memory(question); }
  struct Step {
    torch::Tensor x, weights;  // [B, T, D], and how much it looks at the question, [B, H, T, Q]
  };
  // With `cache` it goes on after what was written.
  Step forward(const torch::Tensor& x, const training::KvCache& memory, const torch::Tensor& there,
               training::KvCache* cache);

 private:
  double dropout_;
  torch::Tensor norm_own_, norm_question_;  // [D]
  training::CausalAttention own_{nullptr};
  training::MaskedAttention look_back_{nullptr};
  HiddenPart hidden_{nullptr};
};
TORCH_MODULE(WritingBlock);

class EncoderDecoderTransformerImpl : public torch::nn::Module {
 public:
  // Questions and answers of up to `longest` symbols each, out of `symbols`; as many blocks that read as that
  // write. Error unless `heads` divides `width`.
  EncoderDecoderTransformerImpl(int64_t symbols, int64_t longest,
                                const training::TransformerOptions& options);

  struct Encoded {
    std::vector<training::KvCache> memory;  // of each block that writes
    torch::Tensor there;                    // [B, Q] bool
  };
  // Rows of questions [B, Q], filled up behind where `there` [B, Q] is false: what stands there changes
  // nothing.
  Encoded encode(const torch::Tensor& asked, const torch::Tensor& there);
  // What follows each of the symbols `read` [B, T] of an answer. The weights are those of the last block,
  // mean over its heads. With `cache` it goes on after what was written, and adds to it.
  Written decode(const Encoded& encoded, const torch::Tensor& read,
                 training::TransformerCache* cache = nullptr);

  std::vector<torch::Tensor> embeddings() const { return {symbols_, asked_positions_, written_positions_}; }
  torch::Tensor embed_question(const torch::Tensor& asked);                  // [B, Q] -> [B, Q, D]
  torch::Tensor embed_answer(const torch::Tensor& read, int64_t first = 0);  // [B, T] -> [B, T, D]
  Encoded encode_embedded(const torch::Tensor& x, const torch::Tensor& there);
  Written decode_embedded(const Encoded& encoded, const torch::Tensor& x, training::TransformerCache* cache);

 private:
  torch::Tensor embed(const torch::Tensor& symbols, const torch::Tensor& positions, int64_t first);

  double dropout_;
  torch::Tensor symbols_, asked_positions_, written_positions_;  // [V, D], [longest, D] each
  torch::Tensor norm_asked_, norm_written_;                      // [D]
  std::vector<ReadingBlock> reading_;
  std::vector<WritingBlock> writing_;
};
TORCH_MODULE(EncoderDecoderTransformer);

}  // namespace supervised
