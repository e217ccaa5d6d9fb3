#include "generative/autoencoders/likelihood.h"

#include "core/error.h"
#include "generative/autoencoders/pixels.h"
#include "generative/black_and_white.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void LikelihoodOptions::fields(core::Fields& f) {
  f.choice(
      "likelihood", likelihood,
      "Of a number: bernoulli for inputs in 0..1, as black and white; continuous_bernoulli, a density on "
      "0..1; discretised_logistic, a chance of each of a byte's values; gaussian for any numbers",
      {"bernoulli", "continuous_bernoulli", "discretised_logistic", "gaussian"});
  f.choice("binarise", binarise,
           "dynamic: each time a grey value is seen it is drawn anew as 0 or 1 (bernoulli only); none: greys "
           "are shown",
           {"dynamic", "none"});
}

static void check_range(const std::string& kind, const training::data::Data& data, const std::string& name,
                        const std::string& section) {
  if (kind == "gaussian") return;
  const std::string use = kind == "discretised_logistic" ? "bytes, such as pictures," : "inputs in 0..1,";
  const bool fits = kind == "discretised_logistic" ? data.train.inputs().scalar_type() == torch::kUInt8
                                                   : training::data::in_unit_range(data.train);
  core::check(fits, "{}.likelihood: {} needs {} those of '{}' are not; use gaussian", section, kind, use,
              name);
}

LikelihoodImpl::LikelihoodImpl(const LikelihoodOptions& options, const training::data::Data& data,
                               const std::string& name, const std::string& section)
    : options_(options), pictures_(training::are_images(data.valid.inputs())) {
  core::check(data.train.inputs().scalar_type() != torch::kInt64,
              "data: '{}' has rows of symbols; a {} needs pictures or numbers", name, section);
  check_range(options.likelihood, data, name, section);
  if (is("gaussian")) log_std_ = register_parameter("log_std", torch::zeros({}));
  if (is("discretised_logistic")) log_std_ = register_parameter("log_scale", torch::full({}, -2.0));
}

Tensor LikelihoodImpl::observe(const Tensor& inputs, const Generator& binarise) const {
  const Tensor x = inputs.flatten(1);  // [B, D]
  if (!is("bernoulli") || options_.binarise == "none") return x;
  return black_and_white(x, binarise);
}

Tensor LikelihoodImpl::log_prob(const Tensor& x, const Tensor& out) const {
  if (is("gaussian")) return training::Normal(out, log_std_).log_prob(x).sum(-1);
  if (is("discretised_logistic")) return DiscretisedLogistic(out.sigmoid(), log_std_).log_prob(x).sum(-1);
  if (is("continuous_bernoulli")) return ContinuousBernoulli(out).log_prob(x).sum(-1);
  return training::Bernoulli(out).log_prob(x).sum(-1);
}

Tensor LikelihoodImpl::look(const Tensor& out, const Generator& noise) const {
  if (is("gaussian")) return pictures_ ? out.clamp(0, 1) : training::Normal(out, log_std_).sample(noise);
  return is("continuous_bernoulli") ? ContinuousBernoulli(out).mean() : out.sigmoid();
}

}  // namespace generative
