// What models share that make data of noise over a time: rows in a scale of their own, a net that sees them
// on the way, guidance by a class, grades of samples, pictures. How noise gets in and out is the learner's.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <string>

#include "generative/diffusion/denoiser.h"
#include "training/data/all.h"
#include "training/loop/learner.h"

namespace generative {

// Rows in units in which each number's variance over the data is 1, pictures in -1 .. 1; and back.
struct RowScaleImpl : torch::nn::Module {
  RowScaleImpl(const training::Dataset& rows, bool pictures);

  torch::Tensor scaled(const torch::Tensor& x) const { return (x - mean) / deviation; }
  torch::Tensor back(const torch::Tensor& x) const { return x * deviation + mean; }
  // Within what was learned from: scaled, and back in the range of each number.
  torch::Tensor held(const torch::Tensor& x) const { return torch::minimum(torch::maximum(x, low), high); }

  torch::Tensor mean, deviation, low, high;  // [D], or [1] of pictures; low and high are scaled
};
TORCH_MODULE(RowScale);

class DiffusionModel {
 public:
  struct Options {
    std::string condition = "none";
    double drop_class = 0.1;
    double guidance = 0;
    int64_t graded_samples = 2000;

    void fields(core::Fields& f);
  };
  // Of scaled rows [B, ...] and their classes [B]: the mean squared error that is learned by, [].
  using Loss = std::function<torch::Tensor(const torch::Tensor& x, const torch::Tensor& classes,
                                           const torch::Generator& noise)>;
  // Scaled rows of standard normal ones [N, ...] and of the classes [N] that are asked for.
  using Draw = std::function<torch::Tensor(const torch::Tensor& start, const torch::Tensor& classes,
                                           const torch::Generator& noise)>;

  // Registers all there is. `learner`: its name in messages, as in "ddpm.guidance".
  void build(training::Build& build, const Options& options, const training::data::Options& data,
             const DenoiserOptions& net, const std::string& learner);
  void step(training::Step& step, const Loss& loss);
  void evaluate(training::Eval& eval, const Loss& loss, const Draw& draw);
  void sample(core::Gallery& gallery, const Draw& draw);

  // What the net says of x [B, ...] at times [B] of 0 .. 1: while learning, and with guidance.
  torch::Tensor said(const torch::Tensor& x, const torch::Tensor& time, const torch::Tensor& classes) {
    return net_->forward(x, time, classes);
  }
  torch::Tensor guided(const torch::Tensor& x, double time, const torch::Tensor& classes);
  const RowScale& scale() const { return scale_; }
  torch::Device device() const { return device_; }

 private:
  bool conditional() const { return options_.condition == "class"; }
  int64_t classes() const { return std::ssize(data_.train.classes); }  // K
  torch::Tensor with_some_untold(const torch::Tensor& classes);
  // Drawn a slice at a time and scaled back.
  torch::Tensor drawn(int64_t count, const torch::Tensor& classes, const torch::Generator& noise,
                      const Draw& draw);

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  RowScale scale_{nullptr};
  Denoiser net_{nullptr};
  torch::Generator noise_;
};

}  // namespace generative
