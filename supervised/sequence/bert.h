// Masked language model: a transformer that sees both sides guesses symbols which are hidden from it (Devlin
// et al. 2019, BERT, section 3.1), loss -ln p(x_t | the symbols that are not hidden).
#pragma once

#include "training/torch.h"

#include <vector>

#include "supervised/sequence/language_model.h"
#include "training/nets/vision_transformer.h"

namespace supervised {

struct MaskOptions {
  double hidden = 0.15, masked = 0.8, replaced = 0.1;

  void fields(core::Fields& f);
};

struct EncoderOptions {
  int64_t layers = 4, heads = 4, width = 128;
  double dropout = 0;

  void fields(core::Fields& f);
};

// Symbols, positions, blocks of attention to both sides, and an output that shares the weights of the
// symbols, of which there is one more: the mask.
class SymbolEncoderImpl : public torch::nn::Module {
 public:
  SymbolEncoderImpl(int64_t symbols, int64_t longest, const EncoderOptions& options);

  torch::Tensor forward(const torch::Tensor& tokens);   // [B, T] int64 -> logits [B, T, V]
  torch::Tensor embed(const torch::Tensor& tokens);     // [B, T] -> [B, T, D]
  torch::Tensor logits(const torch::Tensor& embedded);  // [B, T, D] -> [B, T, V]
  int64_t mask() const { return symbols_; }             // the number of the symbol that hides others
  std::vector<torch::Tensor> embeddings() const { return {weights_, positions_}; }

 private:
  int64_t symbols_;
  torch::Tensor weights_, positions_, norm_;  // [V + 1, D], [longest, D], [D]
  std::vector<training::EncoderBlock> blocks_;
};
TORCH_MODULE(SymbolEncoder);

// A row whose symbols are hidden in part, and what they were; -100 where nothing is to be guessed.
struct Hidden {
  torch::Tensor read, wanted;  // [B, T] int64
};
// Hides a share of the symbols that count, at least one: those that are some target. Of what is hidden a
// share is masked, a share replaced by any symbol, the rest stays to be seen.
Hidden hide(const torch::Tensor& inputs, const torch::Tensor& targets, const MaskOptions& options,
            int64_t symbols, torch::Generator generator);

class Bert : public training::Learner {
 public:
  struct Options {
    MaskOptions bert;
    EncoderOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Bert(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  torch::Tensor asked(const core::Gallery& gallery) const;

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  training::Baselines baselines_;
  std::unique_ptr<training::Source> source_;
  SymbolEncoder net_{nullptr};
  torch::Generator hiding_;
};

}  // namespace supervised
