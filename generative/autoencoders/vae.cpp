// Kingma & Welling (2014), section 3 and appendix C; beta as Higgins et al. (2017); told the class as Sohn,
// Lee & Yan (2015); K importance weights as Burda, Grosse & Salakhutdinov (2016), eq. 8, active units as
// their section 5.2.
#include "generative/autoencoders/vae.h"

#include "core/error.h"
#include "generative/autoencoders/code_pictures.h"
#include "generative/autoencoders/importance_bound.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Vae::ModelOptions::fields(core::Fields& f) {
  f.add("latent", latent, "Dimensions of z", {.min = 1, .max = 1e12});
  f.add("beta", beta, "Weight of the KL term while learning; 1 is the bound itself", {.min = 0});
  f.add("importance_samples", importance_samples,
        "Draws of z for each row while learning: 1 for the bound of the VAE, more for that of the IWAE",
        {.min = 1, .max = 10000});
  f.add("bound_samples", bound_samples,
        "Draws of z for each row in the IWAE bound of evaluation; null: importance_samples; 1: not computed",
        {.min = 1, .max = 1000000});
  likelihood.fields(f);
  f.choice("prior", prior, "Of z: normal for N(0, I), flow for one that is learned with the model",
           {"normal", "flow"});
  f.section("flow_prior", flow_prior, "Of prior: flow");
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
  core::check(
      importance_samples() == 1 || options_.vae.beta == 1,
      "vae.beta: {} weighs a KL term, which the bound of several importance_samples has not; expected 1",
      options_.vae.beta);
  core::check(!conditional() || (classes() >= 2 && data_.train.targets().defined()),
              "vae.condition: '{}' has no class for each row; expected none", options_.data.name);
  device_ = build.device();

  const int64_t Z = options_.vae.latent;
  shape_ = training::shape_of(data_.train.inputs(), options_.net);
  encoder_ = training::ConvStack("encoder", shape_, 2 * Z, options_.net);
  decoder_ = training::DeconvStack("decoder", Z + (conditional() ? classes() : 0), shape_, options_.net);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  build.module("likelihood", *likelihood_);
  if (options_.vae.prior == "flow") {
    prior_ = FlowPrior(Z, options_.vae.flow_prior);
    build.module("prior", *prior_);
  }
  noise_ = build.stream("noise");
  binarise_ = build.stream("binarise");
  register_metrics(build);
}

void Vae::register_metrics(training::Build& build) {
  using training::Direction;
  std::vector<torch::nn::Module*> modules{encoder_.get(), decoder_.get(), likelihood_.get()};
  if (prior_) modules.push_back(prior_.get());
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
  if (!conditional()) return z;
  auto shape = z.sizes().vec();
  shape.back() = this->classes();
  const Tensor told = torch::one_hot(classes, this->classes()).to(z.dtype()).expand(shape);
  return torch::cat({z, told}, -1);  // [..., B, Z + K]
}

Tensor Vae::log_likelihood(const Tensor& x, const Tensor& code) {
  auto shape = code.sizes().vec();
  shape.back() = x.size(1);
  return likelihood_->log_prob(x, decoder_->forward(code.flatten(0, -2)).view(shape));
}

Tensor Vae::log_prior_ratio(const training::Normal& q, const Tensor& z) {
  const Tensor log_q = q.log_prob(z).sum(-1);
  if (prior_) return prior_->log_prob(z) - log_q;
  return training::Normal::standard(z).log_prob(z).sum(-1) - log_q;
}

Tensor Vae::kl_to_prior(const training::Normal& q, const Tensor& z) {
  if (prior_) return -log_prior_ratio(q, z);
  return kl(q, training::Normal::standard(q.mean)).sum(1);
}

Vae::Elbo Vae::elbo(const Tensor& x, const Generator& noise, const Tensor& classes) {
  const auto q = posterior(x);
  const Tensor z = q.sample(noise);
  return {-log_likelihood(x, code(z, classes)), kl_to_prior(q, z), q.mean};
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
    step.update("elbo", {{"reconstruction", bound.reconstruction.mean()},
                         {"kl", bound.kl.mean(), options_.vae.beta}});
  }
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

Tensor Vae::decode(const Tensor& code, const Generator& noise) {
  return likelihood_->look(decoder_->forward(code).flatten(1), noise);
}

Tensor Vae::wished_classes(const core::Gallery& gallery) const {
  if (!conditional()) return {};
  const auto one = training::wished_class(gallery, data_.train.classes);
  const Tensor classes =
      one ? torch::full({gallery.n}, *one, torch::kInt64) : torch::arange(gallery.n) % this->classes();
  return classes.to(device_);
}

void Vae::sample(core::Gallery& gallery) {
  torch::NoGradGuard no_grad;
  const Generator noise = training::default_generator();  // whoever asks has seeded it
  const auto z_like = torch::empty({gallery.n, options_.vae.latent}, device_);
  const Tensor z = gallery.request.temperature.heed().value_or(1) * training::normal_noise(z_like, noise);
  const Tensor drawn = decode(code(prior_ ? prior_->from_noise(z) : z, wished_classes(gallery)), noise);
  if (training::are_images(data_.valid.inputs())) {
    auto shape = data_.valid.inputs().sizes().vec();
    shape[0] = gallery.n;
    training::add_images(gallery, "samples", "Means of p(x|z) for z drawn from the prior", drawn.view(shape),
                         conditional() ? std::min(classes(), gallery.n) : 0);
  } else if (data_.window) {
    training::add_points(gallery, "samples", "Points drawn from the model", drawn, *data_.window);
  }
  if (data_.valid.size() > 0) show_held_out(gallery, noise);
}

void Vae::show_held_out(core::Gallery& gallery, const Generator& noise) {
  if (training::are_images(data_.valid.inputs())) {
    show_reconstructions(gallery, noise);
    show_interpolations(gallery, noise);
  }
  show_latents(gallery, noise);
}

void Vae::show_reconstructions(core::Gallery& gallery, const Generator& noise) {
  const int64_t columns = std::min<int64_t>(10, data_.valid.size());
  const training::Batch batch = training::slice(data_.valid, 0, columns, device_);
  const Tensor pictures = batch.inputs(), x = likelihood_->observe(pictures, noise);
  const Tensor back = decode(code(posterior(x).mean, batch.targets()), noise);
  training::add_images(gallery, "reconstructions",
                       "Validation pictures, as shown to the model, as it gives them back",
                       torch::cat({pictures, x.view_as(pictures), back.view_as(pictures)}), columns);
}

void Vae::show_interpolations(core::Gallery& gallery, const Generator& noise) {
  const int64_t rows = std::min<int64_t>(8, data_.valid.size() / 2 * 2);
  const training::Batch batch = training::slice(data_.valid, 0, rows, device_);
  const Tensor means = posterior(likelihood_->observe(batch.inputs(), noise)).mean;
  auto shape = batch.inputs().sizes().vec();
  shape[0] = -1;
  generative::show_interpolations(gallery, code(means, batch.targets()),
                                  [&](const Tensor& way) { return decode(way, noise).view(shape); });
}

void Vae::show_latents(core::Gallery& gallery, const Generator& noise) {
  if (options_.vae.latent < 2) return;
  const Tensor inputs = training::slice(data_.valid, 0, 1000, device_).inputs();
  show_code_map(gallery, "Means of q(z|x) of validation rows",
                posterior(likelihood_->observe(inputs, noise)).mean);
}

}  // namespace generative
