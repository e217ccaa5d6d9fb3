// Kingma & Welling (2014), section 3 and appendix C; beta as Higgins et al. (2017); told the class as Sohn,
// Lee & Yan (2015).
#include "generative/autoencoders/vae.h"

#include "core/error.h"
#include "generative/autoencoders/code_pictures.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Vae::ModelOptions::fields(core::Fields& f) {
  f.add("latent", latent, "Dimensions of z", {.min = 1, .max = 1e12});
  f.add("beta", beta, "Weight of the KL term while learning; 1 is the bound itself", {.min = 0});
  f.choice("likelihood", likelihood, "Of a pixel: bernoulli for inputs in 0..1, gaussian for any numbers",
           {"bernoulli", "gaussian"});
  f.choice("binarise", binarise,
           "dynamic: each time a grey value is seen it is drawn anew as 0 or 1 (bernoulli only); none: greys "
           "are shown",
           {"dynamic", "none"});
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
  core::check(data_.train.inputs().scalar_type() != torch::kInt64,
              "data: '{}' has rows of symbols; a vae needs pictures or numbers", options_.data.name);
  core::check(gaussian() || training::data::in_unit_range(data_.train),
              "vae.likelihood: bernoulli needs inputs in 0..1, those of '{}' are not; use gaussian",
              options_.data.name);
  core::check(!conditional() || (classes() >= 2 && data_.train.targets().defined()),
              "vae.condition: '{}' has no class for each row; expected none", options_.data.name);
  device_ = build.device();

  const int64_t Z = options_.vae.latent;
  shape_ = training::shape_of(data_.train.inputs(), options_.net);
  encoder_ = training::ConvStack("encoder", shape_, 2 * Z, options_.net);
  decoder_ = training::DeconvStack("decoder", Z + (conditional() ? classes() : 0), shape_, options_.net);
  std::vector<torch::nn::Module*> modules{encoder_.get(), decoder_.get()};
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  if (gaussian()) {
    likelihood_noise_ = std::make_shared<NoiseImpl>();
    build.module("likelihood", *likelihood_noise_);
    modules.push_back(likelihood_noise_.get());
  }
  noise_ = build.stream("noise");
  binarise_ = build.stream("binarise");
  build.optimizer("elbo", modules,
                  {{"reconstruction", "nats", "-ln p(x|z) of one picture, mean over the batch"},
                   {"kl", "nats", "KL(q(z|x) || N(0, I)) of one picture, mean over the batch"}});
  build.split_metric(
      {"neg_elbo", "nats", "Bound on -ln p(x) of one picture, mean", training::Direction::minimize});
  build.split_metric(
      {"reconstruction", "nats", "Part -ln p(x|z) of that bound", training::Direction::minimize});
  build.split_metric({"kl", "nats", "Part KL(q(z|x) || N(0, I)) of that bound"});
  build.score("valid/neg_elbo");
}

Tensor Vae::observe(const Tensor& inputs, const Generator& binarise) const {
  const Tensor x = inputs.flatten(1);  // [B, D]
  if (gaussian() || options_.vae.binarise == "none") return x;
  return (training::uniform_noise(x, binarise) < x).to(x.dtype());
}

training::Normal Vae::posterior(const Tensor& x) {
  const Tensor pictures = x.view({-1, shape_[0], shape_[1], shape_[2]});
  const auto parts = encoder_->forward(pictures).chunk(2, 1);  // [B, Z] each
  return {parts[0], 0.5 * parts[1]};                           // the second is the log variance
}

Tensor Vae::code(const Tensor& z, const Tensor& classes) const {
  if (!conditional()) return z;
  return torch::cat({z, torch::one_hot(classes, this->classes()).to(z.dtype())}, 1);  // [B, Z + K]
}

Tensor Vae::log_likelihood(const Tensor& x, const Tensor& code) {
  const Tensor out = decoder_->forward(code).flatten(1);  // [B, D]
  if (gaussian()) return training::Normal(out, likelihood_noise_->log_std).log_prob(x).sum(1);
  return training::Bernoulli(out).log_prob(x).sum(1);
}

Vae::Elbo Vae::elbo(const Tensor& x, const Generator& noise, const Tensor& classes) {
  const auto q = posterior(x);
  const Tensor z = q.sample(noise);
  return {-log_likelihood(x, code(z, classes)), kl(q, training::Normal::standard(q.mean)).sum(1)};
}

void Vae::step(training::Step& step) {
  const training::Batch batch = step.next(*source_);
  const Tensor x = observe(batch.inputs(), binarise_);
  const auto [reconstruction, kl] = elbo(x, noise_, batch.targets());
  step.update("elbo", {{"reconstruction", reconstruction.mean()}, {"kl", kl.mean(), options_.vae.beta}});
}

void Vae::evaluate(training::Eval& eval) {
  constexpr int64_t rows = 1000;
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  double reconstruction = 0, kl = 0;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const training::Batch batch = training::slice(held, first, rows, device_);
    const Elbo part = elbo(observe(batch.inputs(), eval.generator()), eval.generator(), batch.targets());
    reconstruction += part.reconstruction.sum(torch::kFloat64).item<double>() / double(held.size());
    kl += part.kl.sum(torch::kFloat64).item<double>() / double(held.size());
  }
  eval.log_split("neg_elbo", reconstruction + kl);
  eval.log_split("reconstruction", reconstruction);
  eval.log_split("kl", kl);
}

// Pictures show the mean of p(x|z), as everybody does; points of the plane are drawn from it.
Tensor Vae::decode(const Tensor& code, const Generator& noise) {
  const Tensor out = decoder_->forward(code).flatten(1);
  if (!gaussian()) return training::Bernoulli(out).mean();
  return training::are_images(data_.valid.inputs())
             ? out.clamp(0, 1)
             : training::Normal(out, likelihood_noise_->log_std).sample(noise);
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
  const Tensor drawn = decode(code(z, wished_classes(gallery)), noise);
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
  const Tensor pictures = batch.inputs(), x = observe(pictures, noise);
  const Tensor back = decode(code(posterior(x).mean, batch.targets()), noise);
  training::add_images(gallery, "reconstructions",
                       "Validation pictures, as shown to the model, as it gives them back",
                       torch::cat({pictures, x.view_as(pictures), back.view_as(pictures)}), columns);
}

void Vae::show_interpolations(core::Gallery& gallery, const Generator& noise) {
  const int64_t rows = std::min<int64_t>(8, data_.valid.size() / 2 * 2);
  const training::Batch batch = training::slice(data_.valid, 0, rows, device_);
  const Tensor means = posterior(observe(batch.inputs(), noise)).mean;
  auto shape = batch.inputs().sizes().vec();
  shape[0] = -1;
  generative::show_interpolations(gallery, code(means, batch.targets()),
                                  [&](const Tensor& way) { return decode(way, noise).view(shape); });
}

void Vae::show_latents(core::Gallery& gallery, const Generator& noise) {
  if (options_.vae.latent < 2) return;
  const Tensor inputs = training::slice(data_.valid, 0, 1000, device_).inputs();
  show_code_map(gallery, "Means of q(z|x) of validation rows", posterior(observe(inputs, noise)).mean);
}

}  // namespace generative
