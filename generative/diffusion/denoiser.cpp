#include "generative/diffusion/denoiser.h"

#include "generative/class_condition.h"
#include "training/nets/time_embedding.h"

namespace generative {

using torch::Tensor;

static constexpr int64_t time_width = 32;   // numbers that a time becomes
static constexpr double time_scale = 1000;  // of which the embedding's frequencies are made

void DenoiserOptions::fields(core::Fields& f) {
  rows.fields(f);
  pictures.fields(f);
}

DenoiserImpl::DenoiserImpl(const std::vector<int64_t>& shape, int64_t classes, const DenoiserOptions& options)
    : classes_(classes) {
  const int64_t told = time_width + (classes > 0 ? classes + 1 : 0);
  if (shape.size() == 3)
    unet_ = register_module(
        "unet", training::UNet("unet", training::UNetImpl::Shape{shape[0], shape[1], shape[2]}, shape[0],
                               told, options.pictures));
  else
    mlp_ = register_module("mlp", training::Mlp("mlp", shape[0] + told, shape[0], options.rows));
}

Tensor DenoiserImpl::context(const Tensor& time, const Tensor& classes) const {
  const Tensor when = training::time_embedding(time_scale * time, time_width);
  return with_class(when, classes, classes_ > 0 ? classes_ + 1 : 0);
}

Tensor DenoiserImpl::forward(const Tensor& x, const Tensor& time, const Tensor& classes) {
  const Tensor told = context(time, classes);
  return unet_ ? unet_->forward(x, told) : mlp_->forward(torch::cat({x, told}, 1));
}

Tensor DenoiserImpl::guided(const Tensor& x, const Tensor& time, const Tensor& classes, double w) {
  const Tensor conditional = forward(x, time, classes);
  if (w == 0) return conditional;
  return (1 + w) * conditional - w * forward(x, time, torch::full_like(classes, classes_));
}

}  // namespace generative
