// Variational autoencoder (Kingma & Welling 2014): encoder q(z|x), decoder p(x|z), prior N(0, I); nats per
// picture.
#pragma once

#include "training/torch.h"

#include "training/data/all.h"
#include "training/distributions.h"
#include "training/loop/learner.h"
#include "training/nets/deconv_stack.h"

namespace generative {

class Vae : public training::Learner {
 public:
  struct ModelOptions {
    int64_t latent = 20;
    double beta = 1;
    std::string likelihood = "bernoulli";
    std::string binarise = "dynamic";
    std::string condition = "none";
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions vae;
    training::ConvStackOptions net{.channels = {}, .fc = {.hidden = {400}}};
    training::data::Options data;
    void fields(core::Fields& f);
  };
  // Both [B]: -E_q ln p(x|z) by one draw of z, summed over the picture, and KL(q(z|x) || prior) in closed
  // form; of p(x|z, class) where the decoder is told the class.
  struct Elbo {
    torch::Tensor reconstruction, kl;
  };

  explicit Vae(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  Elbo elbo(const torch::Tensor& x, const torch::Generator& noise,
            const torch::Tensor& classes = {});        // x [B, D], classes [B] where it is told them
  training::Normal posterior(const torch::Tensor& x);  // [B, D] -> [B, Z]
  torch::Tensor log_likelihood(const torch::Tensor& x, const torch::Tensor& code);  // ln p(x|code), [B]

 private:
  // What the model is shown: flattened, pictures with each grey value drawn as black or white.
  torch::Tensor observe(const torch::Tensor& inputs, const torch::Generator& binarise) const;
  torch::Tensor decode(const torch::Tensor& code,
                       const torch::Generator& noise);  // what a person looks at, [B, D]
  // What the decoder is given: z [B, Z], and behind it the class, one-hot, where it is told it.
  torch::Tensor code(const torch::Tensor& z, const torch::Tensor& classes) const;
  torch::Tensor wished_classes(const core::Gallery& gallery) const;  // [n], or each in turn
  void show_held_out(core::Gallery& gallery, const torch::Generator& noise);
  void show_reconstructions(core::Gallery& gallery, const torch::Generator& noise);
  void show_interpolations(core::Gallery& gallery, const torch::Generator& noise);
  void show_latents(core::Gallery& gallery, const torch::Generator& noise);

  bool conditional() const { return options_.vae.condition == "class"; }
  int64_t classes() const { return std::ssize(data_.train.classes); }  // K
  bool gaussian() const { return options_.vae.likelihood == "gaussian"; }

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  training::ConvStackImpl::Shape shape_{};  // of one row
  training::ConvStack encoder_{nullptr};
  training::DeconvStack decoder_{nullptr};
  // Gaussian likelihood: one learnt standard deviation for all dimensions (Rybkin, Daniilidis & Levine 2021).
  struct NoiseImpl : torch::nn::Module {
    torch::Tensor log_std = register_parameter("log_std", torch::zeros({}));
  };
  std::shared_ptr<NoiseImpl> likelihood_noise_;
  torch::Generator noise_, binarise_;
};

}  // namespace generative
