// Kingma & Welling (2014), section 3 and appendix C; beta as Higgins et al. (2017); told the class as Sohn,
// Lee & Yan (2015); K importance weights as Burda, Grosse & Salakhutdinov (2016), eq. 8, active units as
// their section 5.2; free bits as Kingma et al. (2016), Improved variational inference with inverse
// autoregressive flow, eq. 15.
#include "generative/autoencoders/vae.h"

#include "core/error.h"
#include "generative/autoencoders/importance_bound.h"
#include "generative/class_condition.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/nets/init.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Vae::ModelOptions::fields(core::Fields& f) {
  f.add("latent", latent, "Dimensions of z", {.min = 1, .max = 1e12});
  f.add("beta", beta, "Weight of the KL term while learning; 1 is the bound itself", {.min = 0});
  f.add("warm_up", warm_up, "Share of the budget over which that weight rises from 0", {.min = 0, .max = 1});
  f.add("free_bits", free_bits,
        "KL of each dimension of z, mean over the batch, below which it costs no less (Kingma et al. 2016)",
        {.min = 0, .unit = "nats"});
  f.add("importance_samples", importance_samples,
        "Draws of z for each row while learning: 1 for the bound of the VAE, more for that of the IWAE",
        {.min = 1, .max = 10000});
  f.add("bound_samples", bound_samples,
        "Draws of z for each row in the IWAE bound of evaluation; null: importance_samples; 1: not computed",
        {.min = 1, .max = 1000000});
  likelihood.fields(f);
  f.choice(
      "prior", prior,
      "Of z: normal for N(0, I); learned with the model: flow, or vamp, the mean of q(z|x) over inputs of "
      "its own",
      {"normal", "flow", "vamp"});
  f.section("flow_prior", flow_prior, "Of prior: flow");
  f.add("vamp_inputs", vamp_inputs, "Of prior: vamp, inputs whose codes it is the mean of",
        {.min = 1, .max = 1e6});
  f.choice("condition", condition,
           "class: the decoder is told each row's class, so that samples of one can be asked for (atelier "
           "sample --class); q(z|x), which sees the row, is not",
           {"none", "class"});
}

void Vae::Options::fields(core::Fields& f) {
  f.section("vae", vae, "The model and its bound");
  f.section("net", net, "Layers of the encoder; the decoder mirrors them");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are used by vae.condition alone");
}

void Vae::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  likelihood_ = Likelihood(options_.vae.likelihood, data_, options_.data.name, "vae");
  check_terms();
  if (conditional()) require_classes(data_, options_.data.name, "vae.condition");
  device_ = build.device();

  const int64_t Z = options_.vae.latent;
  shape_ = training::shape_of(data_.train.inputs(), options_.net);
  encoder_ = training::ConvStack("encoder", shape_, 2 * Z, options_.net);
  decoder_ = training::DeconvStack("decoder", Z + (conditional() ? classes() : 0), shape_, options_.net);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  build.module("likelihood", *likelihood_);
  build_prior(build);
  noise_ = build.stream("noise");
  binarise_ = build.stream("binarise");
  register_metrics(build);
}

// Error where a term is to be weighed that the bound has not.
void Vae::check_terms() const {
  const ModelOptions& o = options_.vae;
  core::check(
      importance_samples() == 1 || o.beta == 1,
      "vae.beta: {} weighs a KL term, which the bound of several importance_samples has not; expected 1",
      o.beta);
  core::check(importance_samples() == 1 || (o.warm_up == 0 && o.free_bits == 0),
              "vae.{}: changes a KL term, which the bound of several importance_samples has not; expected 0",
              o.warm_up > 0 ? "warm_up" : "free_bits");
  core::check(o.free_bits == 0 || o.prior == "normal",
              "vae.free_bits: of each dimension, whose KL is known with prior: normal alone; expected 0");
}

void Vae::build_prior(training::Build& build) {
  const ModelOptions& o = options_.vae;
  if (o.prior == "flow") {
    flow_prior_ = FlowPrior(o.latent, o.flow_prior);
    build.module("prior", *flow_prior_);
  } else if (o.prior == "vamp") {
    const int64_t D = shape_[0] * shape_[1] * shape_[2];
    training::require_weights("prior.inputs", double(o.vamp_inputs) * double(D));
    Tensor rows = torch::rand({o.vamp_inputs, D});  // where weights are to come there may be no data
    const training::Batch known = training::slice(data_.train, 0, o.vamp_inputs, torch::kCPU);
    if (known.size() > 0) rows.narrow(0, 0, known.size()).copy_(known.inputs().flatten(1));
    vamp_prior_ = VampPrior(rows, training::data::in_unit_range(data_.train));
    build.module("prior", *vamp_prior_);
  }
}

void Vae::register_metrics(training::Build& build) {
  using training::Direction;
  build.fact("latent_units", options_.vae.latent);
  std::vector<torch::nn::Module*> modules{encoder_.get(), decoder_.get(), likelihood_.get()};
  if (flow_prior_) modules.push_back(flow_prior_.get());
  if (vamp_prior_) modules.push_back(vamp_prior_.get());
  const std::vector<training::MetricSpec> bound{
      {"reconstruction", "nats", "-ln p(x|z) of one picture, mean over the batch"},
      {"kl", "nats", "KL(q(z|x) || prior) of one picture, mean over the batch"}};
  const std::vector<training::MetricSpec> importance{
      {"neg_iwae", "nats", "-ln of the mean of the importance weights of one picture, mean over the batch"}};
  build.optimizer("elbo", modules, importance_samples() > 1 ? importance : bound);
  build.split_metric({"neg_elbo", "nats", "Bound on -ln p(x) of one picture, mean", Direction::minimize});
  build.split_metric({"reconstruction", "nats", "Part -ln p(x|z) of that bound", Direction::minimize});
  build.split_metric({"kl", "nats", "Part KL(q(z|x) || prior) of that bound"});
  build.split_metric(
      {"active_units", "", "Dimensions of z whose mean has a variance above 0.01 over the rows"});
  if (bound_samples() > 1)
    build.split_metric({"neg_iwae", "nats",
                        "Tighter bound on -ln p(x) by bound_samples importance weights, mean",
                        Direction::minimize});
  build.score(importance_samples() > 1 ? "valid/neg_iwae" : "valid/neg_elbo");
}

training::Normal Vae::posterior(const Tensor& x) {
  const Tensor pictures = x.view({-1, shape_[0], shape_[1], shape_[2]});
  const auto parts = encoder_->forward(pictures).chunk(2, 1);  // [B, Z] each
  return {parts[0], 0.5 * parts[1]};                           // the second is the log variance
}

Tensor Vae::code(const Tensor& z, const Tensor& classes) const {
  return with_class(z, classes, conditional() ? this->classes() : 0);  // [..., B, Z + K]
}

Tensor Vae::log_likelihood(const Tensor& x, const Tensor& code) {
  auto shape = code.sizes().vec();
  shape.back() = x.size(1);
  return likelihood_->log_prob(x, decoder_->forward(code.flatten(0, -2)).view(shape));
}

Tensor Vae::log_prior(const Tensor& z) {
  if (flow_prior_) return flow_prior_->log_prob(z);
  if (vamp_prior_) return log_mean_of(posterior(vamp_prior_->inputs()), z);
  return training::Normal::standard(z).log_prob(z).sum(-1);
}

Tensor Vae::log_prior_ratio(const training::Normal& q, const Tensor& z) {
  return log_prior(z) - q.log_prob(z).sum(-1);
}

Vae::Elbo Vae::elbo(const Tensor& x, const Generator& noise, const Tensor& classes) {
  const auto q = posterior(x);
  const Tensor z = q.sample(noise), reconstruction = -log_likelihood(x, code(z, classes));
  if (options_.vae.prior != "normal") return {reconstruction, -log_prior_ratio(q, z), {}, q.mean};
  const Tensor each = kl(q, training::Normal::standard(q.mean));
  return {reconstruction, each.sum(1), each, q.mean};
}

Tensor Vae::log_weights(const Tensor& x, int64_t K, const Generator& noise, const Tensor& classes) {
  const auto q = posterior(x);
  const training::Normal many(q.mean.expand({K, -1, -1}), q.log_std);  // [K, B, Z]
  const Tensor z = many.sample(noise);
  return log_likelihood(x, code(z, classes)) + log_prior_ratio(many, z);
}

void Vae::step(training::Step& step) {
  const training::Batch batch = step.next(*source_);
  const Tensor x = likelihood_->observe(batch.inputs(), binarise_);
  if (importance_samples() > 1) {
    const Tensor weights = log_weights(x, importance_samples(), noise_, batch.targets());
    step.update("elbo", {{"neg_iwae", -log_mean_exp(weights).mean()}});
  } else {
    const Elbo bound = elbo(x, noise_, batch.targets());
    const double warm = options_.vae.warm_up > 0 ? std::min(1.0, step.progress() / options_.vae.warm_up) : 1;
    step.update("elbo", {{"reconstruction", bound.reconstruction.mean()},
                         {"kl", learned_kl(bound), warm * options_.vae.beta}});
  }
}

Tensor Vae::learned_kl(const Elbo& bound) const {
  if (options_.vae.free_bits == 0) return bound.kl.mean();
  return bound.kl_of_each.mean(0).clamp_min(options_.vae.free_bits).sum();
}

void Vae::evaluate(training::Eval& eval) {
  constexpr int64_t rows = 1000, numbers_at_once = 4'000'000;
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const Generator noise = eval.generator();
  double reconstruction = 0, kl = 0, iwae = 0;
  std::vector<Tensor> means;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const training::Batch batch = training::slice(held, first, rows, device_);
    const Tensor x = likelihood_->observe(batch.inputs(), noise);
    const Elbo part = elbo(x, noise, batch.targets());
    reconstruction += part.reconstruction.sum(torch::kFloat64).item<double>() / double(held.size());
    kl += part.kl.sum(torch::kFloat64).item<double>() / double(held.size());
    means.push_back(part.means);
    if (bound_samples() == 1) continue;
    const Tensor bound =
        importance_bound(bound_samples(), std::max<int64_t>(1, numbers_at_once / x.numel()),
                         [&](int64_t n) { return log_weights(x, n, noise, batch.targets()); });
    iwae += bound.sum(torch::kFloat64).item<double>() / double(held.size());
  }
  eval.log_split("neg_elbo", reconstruction + kl);
  eval.log_split("reconstruction", reconstruction);
  eval.log_split("kl", kl);
  eval.log_split("active_units", double(active_units(torch::cat(means))));
  if (bound_samples() > 1) eval.log_split("neg_iwae", -iwae);
}

}  // namespace generative
