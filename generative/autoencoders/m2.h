// M2 (Kingma, Rezende, Mohamed & Welling 2014, Semi-supervised learning with deep generative models): class y
// and style z are both unknown of most rows; p(x|y, z), q(y|x), q(z|x, y). Nats per row.
#pragma once

#include "training/torch.h"

#include "generative/autoencoders/likelihood.h"
#include "training/data/all.h"
#include "training/distributions.h"
#include "training/loop/learner.h"
#include "training/nets/mlp.h"

namespace generative {

class M2 : public training::Learner {
 public:
  struct ModelOptions {
    int64_t latent = 50;
    double classification = 50;
    double labelled = 1;
    LikelihoodOptions likelihood;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions m2;
    training::MlpOptions net{.hidden = {400}};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit M2(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  // Bounds on -ln p(x, y), x [B, D] and y [..., B, K] one-hot, by one draw of z: [..., B] (eq. 6). Every y of
  // a row has the same noise, so that the bounds of its classes differ by what the classes tell.
  torch::Tensor labelled_bound(const torch::Tensor& x, const torch::Tensor& y, const torch::Generator& noise);
  // Bounds on -ln p(x), x [B, D], by enumeration of y: [B] (eq. 7).
  torch::Tensor unlabelled_bound(const torch::Tensor& x, const torch::Generator& noise);
  training::Categorical classify(const torch::Tensor& x) {  // q(y|x) of rows [B, D]
    return training::Categorical(classifier_->forward(x));
  }

 private:
  int64_t classes() const { return std::ssize(data_.train.classes); }  // K
  void register_metrics(training::Build& build);
  training::Normal style(const torch::Tensor& x, const torch::Tensor& y);
  torch::Tensor one_hot(const torch::Tensor& classes) const;  // [B] -> [B, K]
  torch::Tensor look(const torch::Tensor& y, const torch::Tensor& z, const torch::Generator& noise);
  void show_held_out(core::Gallery& gallery, const torch::Generator& noise);
  void show_analogies(core::Gallery& gallery, const torch::Generator& noise);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> labelled_, unlabelled_;
  training::Mlp classifier_{nullptr}, encoder_{nullptr}, decoder_{nullptr};
  Likelihood likelihood_{nullptr};
  torch::Generator noise_, binarise_;
};

}  // namespace generative
