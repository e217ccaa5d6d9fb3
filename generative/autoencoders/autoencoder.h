// Autoencoder (Hinton & Salakhutdinov 2006): a code of few numbers from which a row is given back; denoising
// (Vincent et al. 2008) where it is shown less than it is to give. Linear layers alone are principal
// components.
#pragma once

#include "training/torch.h"

#include <optional>

#include "generative/autoencoders/code_density.h"
#include "generative/autoencoders/pca.h"
#include "training/data/all.h"
#include "training/loop/learner.h"
#include "training/nets/deconv_stack.h"

namespace generative {

class Autoencoder : public training::Learner {
 public:
  struct ModelOptions {
    int64_t code = 2;
    std::string output = "sigmoid";
    double noise = 0;
    double masked = 0;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions autoencoder;
    training::ConvStackOptions net{.channels = {}, .fc = {.hidden = {128}}};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Autoencoder(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  torch::Tensor encode(const torch::Tensor& x);      // [B, D] -> [B, Z]
  torch::Tensor decode(const torch::Tensor& codes);  // [B, Z] -> [B, D]
  // What the model is shown of rows [B, D]: noise added, numbers masked.
  torch::Tensor corrupted(const torch::Tensor& x, const torch::Generator& noise) const;

 private:
  bool corrupts() const { return options_.autoencoder.noise > 0 || options_.autoencoder.masked > 0; }
  void register_metrics(training::Build& build);
  bool has_pca() const;                                // to compare with
  const Pca& pca();                                    // of the rows to learn from, when first asked for
  torch::Tensor pictures(const torch::Tensor& codes);  // [M, Z] -> [M, C, H, W], 0..1
  void show_held_out(core::Gallery& gallery, const torch::Generator& noise);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  training::ConvStackImpl::Shape shape_{};  // of one row
  training::ConvStack encoder_{nullptr};
  training::DeconvStack decoder_{nullptr};
  CodeDensity codes_{nullptr};
  std::optional<Pca> pca_;
  torch::Generator noise_;
};

}  // namespace generative
