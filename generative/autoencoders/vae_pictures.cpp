// What there is to see of a VAE: draws of its prior, rows given back, the way between them, and their codes.
#include "generative/autoencoders/code_pictures.h"
#include "generative/autoencoders/vae.h"
#include "training/compat.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

Tensor Vae::decode(const Tensor& code, const Generator& noise) {
  return likelihood_->look(decoder_->forward(code).flatten(1), noise);
}

Tensor Vae::from_prior(const Tensor& noise, const Generator& generator) {
  if (flow_prior_) return flow_prior_->from_noise(noise);
  return vamp_prior_ ? draw_of(posterior(vamp_prior_->inputs()), noise, generator) : noise;
}

Tensor Vae::wished_classes(const core::Gallery& gallery) const {
  return conditional() ? training::wished_classes(gallery, data_.train.classes).to(device_) : Tensor();
}

void Vae::sample(core::Gallery& gallery) {
  torch::NoGradGuard no_grad;
  const Generator noise = training::default_generator();  // whoever asks has seeded it
  const auto z_like = torch::empty({gallery.n, options_.vae.latent}, device_);
  const Tensor z = gallery.request.temperature.heed().value_or(1) * training::normal_noise(z_like, noise);
  const Tensor drawn = decode(code(from_prior(z, noise), wished_classes(gallery)), noise);
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
  const training::Batch batch = training::slice(data_.valid, 0, 1000, device_);
  show_code_map(gallery, "Means of q(z|x) of validation rows",
                posterior(likelihood_->observe(batch.inputs(), noise)).mean, {batch, data_.valid.classes});
}

}  // namespace generative
