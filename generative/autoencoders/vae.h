// Variational autoencoder (Kingma & Welling 2014): encoder q(z|x), decoder p(x|z), prior N(0, I); nats per
// picture. By several importance weights: IWAE (Burda, Grosse & Salakhutdinov 2016).
#pragma once

#include "training/torch.h"

#include <optional>

#include "generative/autoencoders/flow_prior.h"
#include "generative/autoencoders/likelihood.h"
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
    int64_t importance_samples = 1;
    std::optional<int64_t> bound_samples;
    LikelihoodOptions likelihood;
    std::string prior = "normal";
    FlowPriorOptions flow_prior;
    std::string condition = "none";
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions vae;
    training::ConvStackOptions net{.channels = {}, .fc = {.hidden = {400}}};
    training::data::Options data;
    void fields(core::Fields& f);
  };
  // [B] each: -E_q ln p(x|z) by one draw of z, summed over the picture, and KL(q(z|x) || prior) in closed
  // form, or where the prior is learned by the same draw; of p(x|z, class) where the decoder is told the
  // class. And the means of q(z|x), [B, Z].
  struct Elbo {
    torch::Tensor reconstruction, kl, means;
  };

  explicit Vae(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  Elbo elbo(const torch::Tensor& x, const torch::Generator& noise,
            const torch::Tensor& classes = {});        // x [B, D], classes [B] where it is told them
  training::Normal posterior(const torch::Tensor& x);  // [B, D] -> [B, Z]
  // ln p(x, z) - ln q(z|x) of K draws of z for each row, [K, B]: importance weights, p(x) on average.
  torch::Tensor log_weights(const torch::Tensor& x, int64_t K, const torch::Generator& noise,
                            const torch::Tensor& classes = {});

 private:
  torch::Tensor log_likelihood(const torch::Tensor& x,
                               const torch::Tensor& code);  // code [.., B, Z], [.., B]
  torch::Tensor decode(const torch::Tensor& code,
                       const torch::Generator& noise);  // what a person looks at, [B, D]
  void register_metrics(training::Build& build);
  torch::Tensor kl_to_prior(const training::Normal& q, const torch::Tensor& z);  // [B]
  torch::Tensor log_prior_ratio(const training::Normal& q,
                                const torch::Tensor& z);  // ln p(z) / q(z), [..., B]
  // What the decoder is given: z [..., B, Z], and behind it the class, one-hot, where it is told it.
  torch::Tensor code(const torch::Tensor& z, const torch::Tensor& classes) const;
  torch::Tensor wished_classes(const core::Gallery& gallery) const;  // [n], or each in turn
  void show_held_out(core::Gallery& gallery, const torch::Generator& noise);
  void show_reconstructions(core::Gallery& gallery, const torch::Generator& noise);
  void show_interpolations(core::Gallery& gallery, const torch::Generator& noise);
  void show_latents(core::Gallery& gallery, const torch::Generator& noise);

  bool conditional() const { return options_.vae.condition == "class"; }
  int64_t classes() const { return std::ssize(data_.train.classes); }             // K
  int64_t importance_samples() const { return options_.vae.importance_samples; }  // K
  int64_t bound_samples() const { return options_.vae.bound_samples.value_or(importance_samples()); }

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  training::ConvStackImpl::Shape shape_{};  // of one row
  training::ConvStack encoder_{nullptr};
  training::DeconvStack decoder_{nullptr};
  Likelihood likelihood_{nullptr};
  FlowPrior prior_{nullptr};  // none: N(0, I)
  torch::Generator noise_, binarise_;
};

}  // namespace generative
