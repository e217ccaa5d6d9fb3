// Generative adversarial network (Goodfellow et al. 2014; WGAN-GP: Gulrajani et al. 2017): a generator G
// makes samples of noise, a critic D tells them from data: min_G max_D E ln D(x) + E ln(1 - D(G(z))).
#pragma once

#include "training/torch.h"

#include <functional>
#include <optional>
#include <string>

#include "training/data/all.h"
#include "training/loop/learner.h"
#include "training/nets/deconv_stack.h"

namespace generative {

using Critic = std::function<torch::Tensor(const torch::Tensor&)>;  // [B, ...] -> [B, 1], unbounded

// E (|grad D(x)| - norm)^2, differentiable to the critic's parameters; x [B, ...].
torch::Tensor gradient_penalty(const Critic& critic, const torch::Tensor& x, double norm);

class Gan : public training::Learner {
 public:
  struct ModelOptions {
    std::string loss = "non_saturating";
    int64_t latent = 32;
    int64_t n_critic = 1;
    std::optional<double> gradient_penalty;
    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions gan;
    training::ConvStackOptions net{
        .channels = {}, .batch_norm = false, .fc = {.hidden = {128, 128}, .activation = "leaky_relu"}};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Gan(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

  training::Terms critic_loss(const torch::Tensor& x, const torch::Tensor& samples);  // both [B, ...]
  torch::Tensor generator_loss(const torch::Tensor& samples);                         // []

 private:
  torch::Tensor criticise(const torch::Tensor& x);                       // [B, ...] -> [B, 1]
  torch::Tensor from_noise(const torch::Tensor& z);                      // [B, Z] -> rows
  torch::Tensor generate(int64_t count, const torch::Generator& noise);  // [count, ...]
  // The same without gradients, a slice at a time.
  torch::Tensor samples(int64_t count, const torch::Generator& noise);
  void show_plane(core::Gallery& gallery, const torch::Tensor& points);

  bool wasserstein() const { return options_.gan.loss == "wgan_gp"; }
  double penalty() const { return options_.gan.gradient_penalty.value_or(wasserstein() ? 10 : 0); }
  bool labelled() const;
  bool pictures() const { return data_.train.inputs().dim() == 4; }

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  training::DeconvStack generator_{nullptr};
  training::ConvStack critic_{nullptr};
  torch::Generator noise_;
};

}  // namespace generative
