// Variational autoencoder whose code is N variables of K categories each, prior uniform (Jang, Gu & Poole
// 2017); nats per row.
#pragma once

#include "training/torch.h"

#include "generative/autoencoders/likelihood.h"
#include "training/data/all.h"
#include "training/distributions.h"
#include "training/loop/learner.h"
#include "training/nets/deconv_stack.h"

namespace generative {

class CategoricalVae : public training::Learner {
 public:
  struct ModelOptions {
    int64_t variables = 20;
    int64_t categories = 10;
    std::string estimator = "gumbel";
    double temperature = 1;
    double final_temperature = 0.5;
    int64_t draws = 2;
    LikelihoodOptions likelihood;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions categorical_vae;
    training::ConvStackOptions net{.channels = {}, .fc = {.hidden = {400}}};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit CategoricalVae(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  training::Categorical posterior(const torch::Tensor& x);  // [B, D] -> [B, N, K]
  // -ln p(x|z), z [..., B, N, K], each variable's categories one-hot or relaxed: [..., B].
  torch::Tensor reconstruction(const torch::Tensor& x, const torch::Tensor& z);
  torch::Tensor kl_to_uniform(const training::Categorical& q) const;  // [B]

 private:
  void register_metrics(training::Build& build);
  torch::Tensor one_hot(const torch::Tensor& z) const;  // [..., N] -> [..., N, K]
  torch::Tensor look(const torch::Tensor& z, const torch::Generator& noise);
  void show_held_out(core::Gallery& gallery, const torch::Generator& noise);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  training::ConvStackImpl::Shape shape_{};  // of one row
  training::ConvStack encoder_{nullptr};
  training::DeconvStack decoder_{nullptr};
  Likelihood likelihood_{nullptr};
  torch::Generator noise_, binarise_;
};

}  // namespace generative
