// A classifier of few labels that is helped by an autoencoder of all rows, as in DTU's course 02456: it sees
// the row x, its code z, how it is given back, or all of these.
#pragma once

#include "training/torch.h"

#include "training/data/all.h"
#include "training/loop/learner.h"
#include "training/nets/mlp.h"

namespace generative {

class AssistedClassifier : public training::Learner {
 public:
  struct ModelOptions {
    int64_t code = 32;
    std::string sees = "z";
    std::vector<int64_t> hidden{};
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions assisted_classifier;
    training::MlpOptions net{.hidden = {128}};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit AssistedClassifier(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  // What the classifier is shown of rows [B, D]: [B, F]. No gradient passes to the autoencoder.
  torch::Tensor seen(const torch::Tensor& x);
  torch::Tensor logits(const torch::Tensor& x) { return classifier_->forward(seen(x)); }  // [B, K]

 private:
  torch::Tensor back(const torch::Tensor& x) { return decoder_->forward(encoder_->forward(x)).sigmoid(); }

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> labelled_, unlabelled_;
  training::Mlp encoder_{nullptr}, decoder_{nullptr}, classifier_{nullptr};
};

}  // namespace generative
