#include "generative/autoencoders/likelihood.h"

#include "core/error.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void LikelihoodOptions::fields(core::Fields& f) {
  f.choice("likelihood", likelihood, "Of a pixel: bernoulli for inputs in 0..1, gaussian for any numbers",
           {"bernoulli", "gaussian"});
  f.choice("binarise", binarise,
           "dynamic: each time a grey value is seen it is drawn anew as 0 or 1 (bernoulli only); none: greys "
           "are shown",
           {"dynamic", "none"});
}

LikelihoodImpl::LikelihoodImpl(const LikelihoodOptions& options, const training::data::Data& data,
                               const std::string& name, const std::string& section)
    : options_(options), pictures_(training::are_images(data.valid.inputs())) {
  core::check(data.train.inputs().scalar_type() != torch::kInt64,
              "data: '{}' has rows of symbols; a {} needs pictures or numbers", name, section);
  core::check(options.likelihood == "gaussian" || training::data::in_unit_range(data.train),
              "{}.likelihood: bernoulli needs inputs in 0..1, those of '{}' are not; use gaussian", section,
              name);
  if (options.likelihood == "gaussian") log_std_ = register_parameter("log_std", torch::zeros({}));
}

Tensor LikelihoodImpl::observe(const Tensor& inputs, const Generator& binarise) const {
  const Tensor x = inputs.flatten(1);  // [B, D]
  if (log_std_.defined() || options_.binarise == "none") return x;
  return (training::uniform_noise(x, binarise) < x).to(x.dtype());
}

Tensor LikelihoodImpl::log_prob(const Tensor& x, const Tensor& out) const {
  if (log_std_.defined()) return training::Normal(out, log_std_).log_prob(x).sum(-1);
  return training::Bernoulli(out).log_prob(x).sum(-1);
}

Tensor LikelihoodImpl::look(const Tensor& out, const Generator& noise) const {
  if (!log_std_.defined()) return training::Bernoulli(out).mean();
  return pictures_ ? out.clamp(0, 1) : training::Normal(out, log_std_).sample(noise);
}

}  // namespace generative
