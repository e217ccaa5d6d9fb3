#include "generative/gan/nets.h"

#include "generative/class_condition.h"

namespace generative {

using torch::Tensor;

void GanNets::build(training::Build& build, const training::ConvStackImpl::Shape& shape, bool pictures,
                    const GanNetOptions& options, const training::ConvStackOptions& net) {
  options_ = options;
  pictures_ = pictures;
  auto critic = net;
  critic.batch_norm = critic.batch_norm && options.critic_batch_norm;
  generator_ = training::DeconvStack("generator", options.latent + options.classes, shape, net);
  critic_ = training::ConvStack("critic", shape, 1 + options.classes, critic);
  build.module("generator", *generator_);
  build.module("critic", *critic_);
  if (!options.spectral_norm) return;
  spectral_norm_ = training::SpectralNorm(*critic_);
  build.module("spectral_norm", *spectral_norm_);
}

std::vector<torch::nn::Module*> GanNets::critic_modules() {
  std::vector<torch::nn::Module*> all{critic_.get()};
  if (spectral_norm_) all.push_back(spectral_norm_.get());
  return all;
}

Tensor GanNets::generate(const Tensor& z, const Tensor& classes) {
  const Tensor out = generator_->forward(with_class(z, classes, options_.classes));
  return pictures_ ? out.sigmoid() : out.flatten(1);
}

Tensor GanNets::criticise(const Tensor& x, const Tensor& classes) {
  if (spectral_norm_) spectral_norm_->apply_to_net();
  const Tensor out = critic_->forward(pictures_ ? 2 * x - 1 : x);  // [B, 1 + K]
  if (options_.classes == 0) return out;
  return out.narrow(1, 0, 1) + out.gather(1, 1 + classes.unsqueeze(1));
}

}  // namespace generative
