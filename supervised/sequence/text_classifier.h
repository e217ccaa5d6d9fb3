// Classifier of texts: words as vectors, a layer upon them, and the largest or the mean of each of its
// numbers over the text (Collobert et al. 2011, Natural language processing (almost) from scratch,
// section 3.3). The layer sees each word by itself (an MLP) or with those before it (Elman 1990; Hochreiter &
// Schmidhuber 1997).
#pragma once

#include "training/torch.h"

#include <string>

#include "supervised/task.h"
#include "training/nets/recurrent.h"

namespace supervised {

struct TextNetOptions {
  std::string layer = "lstm", pool = "max";
  int64_t embedding = 64, width = 64;
  double dropout = 0;

  void fields(core::Fields& f);
};

class TextNetImpl : public torch::nn::Module {
 public:
  TextNetImpl(int64_t words, int64_t classes, const TextNetOptions& options);

  // Rows of numbers of words [B, T], filled up behind by 0, which changes nothing -> [B, D], [B, D] -> [B,
  // classes].
  torch::Tensor features(const torch::Tensor& texts);
  torch::Tensor output(const torch::Tensor& features) { return output_->forward(features); }

 private:
  torch::Tensor layer(const torch::Tensor& embedded);  // [B, T, E] -> [B, T, D]
  torch::Tensor pooled(const torch::Tensor& states, const torch::Tensor& there) const;  // [B, T, D] -> [B, D]

  TextNetOptions options_;
  torch::nn::Embedding words_{nullptr};
  torch::nn::Linear word_by_word_{nullptr}, output_{nullptr};
  training::Recurrent recurrent_{nullptr};
};
TORCH_MODULE(TextNet);

class TextClassifier : public training::Learner {
 public:
  struct ModelOptions {
    double label_smoothing = 0;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions text_classifier;
    TextNetOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit TextClassifier(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step, task_.next(step)); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override;

 private:
  void judge(core::Gallery& gallery, const std::string& text);

  Options options_;
  torch::Device device_ = torch::kCPU;
  Task task_;
  TextNet net_{nullptr};
};

}  // namespace supervised
