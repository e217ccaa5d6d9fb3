// Variational autoencoder (Kingma & Welling 2014): encoder q(z|x), decoder p(x|z), prior N(0, I); nats per
// picture. By several importance weights: IWAE (Burda, Grosse & Salakhutdinov 2016).
#pragma once

#include "training/torch.h"

#include <optional>

#include "generative/autoencoders/flow_prior.h"
#include "generative/autoencoders/likelihood.h"
#include "generative/autoencoders/vamp_prior.h"
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
    double warm_up = 0;
    double free_bits = 0;
    int64_t importance_samples = 1;
    std::optional<int64_t> bound_samples;
    LikelihoodOptions likelihood;
    std::string prior = "normal";
    FlowPriorOptions flow_prior;
    int64_t vamp_inputs = 500;
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
  // class. The KL of each dimension, [B, Z], of prior: normal alone, and the means of q(z|x), [B, Z].
  struct Elbo {
    torch::Tensor reconstruction, kl, kl_of_each, means;
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
  torch::Tensor log_prior(const torch::Tensor& z);  // [..., Z] -> [...]
  // What the KL costs while learning, []: the mean over rows, each dimension's at least free_bits.
  torch::Tensor learned_kl(const Elbo& bound) const;

 private:
  torch::Tensor log_likelihood(const torch::Tensor& x,
                               const torch::Tensor& code);  // code [.., B, Z], [.., B]
  torch::Tensor decode(const torch::Tensor& code,
                       const torch::Generator& noise);  // what a person looks at, [B, D]
  void check_terms() const;
  void build_prior(training::Build& build);
  void register_metrics(training::Build& build);
  torch::Tensor log_prior_ratio(const training::Normal& q,
                                const torch::Tensor& z);  // ln p(z) / q(z), [..., B]
  // What the decoder is given: z [..., B, Z], and behind it the class, one-hot, where it is told it.
  torch::Tensor code(const torch::Tensor& z, const torch::Tensor& classes) const;
  // [n, Z] of the prior by noise of N(0, I); what else it draws is from `generator`.
  torch::Tensor from_prior(const torch::Tensor& noise, const torch::Generator& generator);
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
  FlowPrior flow_prior_{nullptr};  // neither: N(0, I)
  VampPrior vamp_prior_{nullptr};
  torch::Generator noise_, binarise_;
};

}  // namespace generative
