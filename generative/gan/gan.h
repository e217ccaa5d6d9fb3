// Generative adversarial network (Goodfellow et al. 2014; WGAN: Arjovsky et al. 2017; WGAN-GP: Gulrajani et
// al. 2017): a generator G makes samples of noise, a critic D tells them from data: min_G max_D E ln D(x) +
// E ln(1 - D(G(z))).
#pragma once

#include "training/torch.h"

#include <optional>
#include <string>

#include "generative/gan/gradient_penalty.h"
#include "generative/gan/losses.h"
#include "generative/gan/nets.h"
#include "training/data/all.h"
#include "training/loop/learner.h"

namespace generative {

class Gan : public training::Learner {
 public:
  struct ModelOptions {
    std::string loss = "non_saturating";
    int64_t latent = 32;
    int64_t n_critic = 1;
    std::optional<double> gradient_penalty;
    double weight_clip = 0.01;
    bool spectral_norm = false;
    std::string condition = "none";
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

  // x and samples [B, ...]; classes [B] of both, where the model is told them.
  training::Terms critic_loss(const torch::Tensor& x, const torch::Tensor& samples,
                              const torch::Tensor& classes = {});
  torch::Tensor generator_loss(const torch::Tensor& samples, const torch::Tensor& classes = {});  // []

 private:
  void check_data() const;
  void register_updates(training::Build& build);
  // So many rows by noise, of these classes [count] where the model is told them: [count, ...].
  torch::Tensor generate(int64_t count, const torch::Tensor& classes, const torch::Generator& noise);
  // The same without gradients, a slice at a time.
  torch::Tensor samples(int64_t count, const torch::Tensor& classes, const torch::Generator& noise);
  void clip_critic();
  void show_interpolations(core::Gallery& gallery, const torch::Tensor& classes);
  void show_plane(core::Gallery& gallery, const torch::Tensor& points, const torch::Tensor& classes);

  const GanLoss& loss() const { return gan_loss(options_.gan.loss); }
  bool pulled_to_one() const { return options_.gan.loss == "wgan_gp"; }
  double penalty() const { return options_.gan.gradient_penalty.value_or(pulled_to_one() ? 10 : 0); }
  bool conditional() const { return options_.gan.condition == "class"; }
  int64_t classes() const { return std::ssize(data_.train.classes); }  // K
  bool pictures() const { return data_.train.inputs().dim() == 4; }

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  GanNets nets_;
  torch::Generator noise_;
};

}  // namespace generative
