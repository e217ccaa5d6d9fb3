#include "training/nets/batch_renorm.h"

namespace training {

void BatchRenormOptions::fields(core::Fields& own) {
  own.add("norm_momentum", momentum, "Share by which running means and variances move to a batch's",
          {.min = 0, .max = 1, .above = true});
  own.add("norm_eps", eps, "Added to a variance before its root is taken",
          {.min = 0, .max = 1, .above = true});
  own.add("renorm_warmup", warmup,
          "Batches that are normalised by their own statistics alone; those after them as if by running ones",
          {.min = 0, .max = 1e12, .unit = "batches"});
  own.add("renorm_r_max", r_max, "Largest ratio between a batch's deviation and the running one that counts",
          {.min = 1, .max = 1e6});
  own.add("renorm_d_max", d_max, "Largest distance of a batch's mean from the running one that counts",
          {.min = 0, .max = 1e6, .unit = "running deviations"});
}

BatchRenormImpl::BatchRenormImpl(int64_t width, const BatchRenormOptions& options)
    : options_(options),
      scale_(register_parameter("scale", torch::ones({width}))),
      shift_(register_parameter("shift", torch::zeros({width}))),
      mean_(register_buffer("mean", torch::zeros({width}))),
      variance_(register_buffer("variance", torch::ones({width}))),
      batches_(register_buffer("batches", torch::zeros({}, torch::kInt64))) {}

torch::Tensor BatchRenormImpl::forward(const torch::Tensor& x, Statistics by) {
  const bool learns = by == Statistics::batch && is_training();
  const torch::Tensor z = learns ? by_batch(x) : (x - mean_) / (variance_ + options_.eps).sqrt();
  return z * scale_ + shift_;
}

torch::Tensor BatchRenormImpl::by_batch(const torch::Tensor& x) {
  const torch::Tensor mean = x.mean(0), centred = x - mean, variance = centred.square().mean(0),
                      deviation = (variance + options_.eps).sqrt();
  torch::Tensor z = centred / deviation;
  if (batches_.item<int64_t>() >= options_.warmup) z = corrected(z, mean.detach(), deviation.detach());
  follow(mean.detach(), variance.detach());
  return z;
}

// z r + d, with r = deviation_B / deviation and d = (mean_B - mean) / deviation within their bounds:
// constants, where gradients are concerned (algorithm 1).
torch::Tensor BatchRenormImpl::corrected(const torch::Tensor& z, const torch::Tensor& mean,
                                         const torch::Tensor& deviation) const {
  const torch::Tensor running = (variance_ + options_.eps).sqrt(),
                      r = (deviation / running).clamp(1 / options_.r_max, options_.r_max),
                      d = ((mean - mean_) / running).clamp(-options_.d_max, options_.d_max);
  return z * r + d;
}

void BatchRenormImpl::follow(const torch::Tensor& mean, const torch::Tensor& variance) {
  const torch::NoGradGuard no_grad;
  mean_.lerp_(mean, options_.momentum);
  variance_.lerp_(variance, options_.momentum);
  batches_.add_(1);
}

}  // namespace training
