// Kingma, Rezende, Mohamed & Welling (2014), section 3.1; the sum over classes is exact.
#include "generative/autoencoders/m2.h"

#include <cmath>

#include "core/error.h"
#include "generative/autoencoders/code_pictures.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void M2::ModelOptions::fields(core::Fields& f) {
  f.add("latent", latent, "Dimensions of z", {.min = 1, .max = 1e12});
  f.add("classification", classification,
        "Weight of the cross entropy of q(y|x) on labelled rows, beside the bounds (alpha)", {.min = 0});
  f.add("labelled", labelled, "Weight of the labelled rows' bound, beside that of rows without labels",
        {.min = 0});
  likelihood.fields(f);
}

void M2::Options::fields(core::Fields& f) {
  f.section("m2", m2, "The model and its bound");
  f.section("net", net, "Hidden layers of each of q(y|x), q(z|x, y) and, mirrored, p(x|y, z)");
  f.tagged("data", data.tagged(), "Pictures or rows with classes, of which labelled tell theirs");
}

void M2::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  core::check(classes() >= 2 && data_.train.targets().defined(),
              "data: '{}' has no class for each row; m2 learns classes", options_.data.name);
  likelihood_ = Likelihood(options_.m2.likelihood, data_, options_.data.name, "m2");
  device_ = build.device();
  labelled_ = training::data::register_source(build, data_, options_.data);
  unlabelled_ = training::data::register_unlabelled(build, data_, options_.data);
  const int64_t D = c10::multiply_integers(data_.train.inputs().sizes().slice(1)), Z = options_.m2.latent;
  training::MlpOptions mirrored = options_.net;
  std::reverse(mirrored.hidden.begin(), mirrored.hidden.end());
  classifier_ = training::Mlp("classifier", D, classes(), options_.net);
  encoder_ = training::Mlp("encoder", D + classes(), 2 * Z, options_.net);
  decoder_ = training::Mlp("decoder", classes() + Z, D, mirrored);
  build.module("classifier", *classifier_);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  build.module("likelihood", *likelihood_);
  noise_ = build.stream("noise");
  binarise_ = build.stream("binarise");
  register_metrics(build);
}

void M2::register_metrics(training::Build& build) {
  using training::Direction;
  build.optimizer(
      "bound", {classifier_.get(), encoder_.get(), decoder_.get(), likelihood_.get()},
      {{"labelled", "nats", "Bound on -ln p(x, y) of one labelled row, mean over the batch"},
       {"unlabelled", "nats", "Bound on -ln p(x) of one row without a label, mean over the batch"},
       {"classification", "nats", "-ln q(y|x) of one labelled row, mean over the batch"}});
  build.split_metric({"accuracy", "", "Share of rows whose class q(y|x) finds", Direction::maximize});
  build.split_metric({"neg_elbo", "nats", "Bound on -ln p(x) of one row, mean", Direction::minimize});
  build.score("valid/accuracy");
}

Tensor M2::one_hot(const Tensor& classes) const {
  return torch::one_hot(classes, this->classes()).to(torch::kFloat32);
}

training::Normal M2::style(const Tensor& x, const Tensor& y) {
  const auto parts = encoder_->forward(x, y).chunk(2, -1);  // [..., B, Z] each
  return {parts[0], 0.5 * parts[1]};                        // the second is the log variance
}

Tensor M2::labelled_bound(const Tensor& x, const Tensor& y, const Generator& noise) {
  const auto q = style(x, y);
  const Tensor row = torch::empty({x.size(0), options_.m2.latent}, x.options());
  const Tensor z = q.mean + q.log_std.exp() * training::normal_noise(row, noise);
  const Tensor out = decoder_->forward(torch::cat({y, z}, -1));
  const Tensor kl_of_style = kl(q, training::Normal::standard(q.mean)).sum(-1);
  return -likelihood_->log_prob(x, out) + kl_of_style + std::log(double(classes()));  // p(y) is uniform
}

Tensor M2::unlabelled_bound(const Tensor& x, const Generator& noise) {
  const int64_t B = x.size(0), K = classes();
  const Tensor each = torch::eye(K, x.options()).unsqueeze(1).expand({K, B, K});
  const Tensor bounds = labelled_bound(x, each, noise);  // [K, B]
  const auto q = classify(x);
  return (q.probs().t() * bounds).sum(0) - q.entropy();
}

void M2::step(training::Step& step) {
  const training::Batch told = step.next(*labelled_), untold = step.next(*unlabelled_);
  const Tensor x = likelihood_->observe(told.inputs(), binarise_), y = one_hot(told.targets());
  const Tensor alone = likelihood_->observe(untold.inputs(), binarise_);
  const Tensor cross_entropy = -classify(x).log_prob(told.targets());
  step.update("bound", {{"labelled", labelled_bound(x, y, noise_).mean(), options_.m2.labelled},
                        {"unlabelled", unlabelled_bound(alone, noise_).mean()},
                        {"classification", cross_entropy.mean(), options_.m2.classification}});
}

void M2::evaluate(training::Eval& eval) {
  constexpr int64_t rows = 500;
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  double right = 0, bound = 0;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const training::Batch batch = training::slice(held, first, rows, device_);
    const Tensor x = likelihood_->observe(batch.inputs(), eval.generator());
    right += (classify(x).mode() == batch.targets()).sum().item<double>();
    bound += unlabelled_bound(x, eval.generator()).sum(torch::kFloat64).item<double>();
  }
  eval.log_split("accuracy", right / double(held.size()));
  eval.log_split("neg_elbo", bound / double(held.size()));
}

Tensor M2::look(const Tensor& y, const Tensor& z, const Generator& noise) {
  return likelihood_->look(decoder_->forward(torch::cat({y, z}, -1)), noise);
}

void M2::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Generator noise = training::default_generator();  // whoever asks has seeded it
  const auto one = training::wished_class(gallery, data_.train.classes);
  const Tensor wished =
      one ? torch::full({gallery.n}, *one, torch::kInt64) : torch::arange(gallery.n) % classes();
  const Tensor like = torch::empty({gallery.n, options_.m2.latent}, device_);
  const Tensor z = gallery.request.temperature.heed().value_or(1) * training::normal_noise(like, noise);
  const Tensor drawn = look(one_hot(wished.to(device_)), z, noise);
  auto shape = data_.valid.inputs().sizes().vec();
  shape[0] = -1;
  if (training::are_images(data_.valid.inputs())) {
    training::add_images(gallery, "samples",
                         "Means of p(x|y, z) for classes in turn and z drawn from the prior",
                         drawn.view(shape), std::min(classes(), gallery.n));
  } else if (data_.window) {
    training::add_points(gallery, "samples", "Points drawn from the model", drawn, *data_.window);
  }
  if (data_.valid.size() > 0) show_held_out(gallery, noise);
}

void M2::show_held_out(core::Gallery& gallery, const Generator& noise) {
  const training::Batch batch = training::slice(data_.valid, 0, 1000, device_);
  const Tensor x = likelihood_->observe(batch.inputs(), noise), y = classify(x).probs();
  const Tensor z = style(x, y).mean;
  if (z.size(1) >= 2)
    show_code_map(gallery, "Styles, means of q(z|x, y), of validation rows", z, {batch, data_.valid.classes});
  if (!training::are_images(batch.inputs())) return;
  show_analogies(gallery, noise);
  const int64_t N = std::min<int64_t>(8, z.size(0) / 2 * 2), K = classes();
  auto shape = batch.inputs().sizes().vec();
  shape[0] = -1;
  show_interpolations(gallery, torch::cat({y, z}, 1).narrow(0, 0, N), [&](const Tensor& way) {
    return look(way.narrow(1, 0, K), way.narrow(1, K, z.size(1)), noise).view(shape);
  });
}

void M2::show_analogies(core::Gallery& gallery, const Generator& noise) {
  const int64_t N = std::min<int64_t>(8, data_.valid.size()), K = classes();
  const Tensor pictures = training::slice(data_.valid, 0, N, device_).inputs();
  const Tensor x = likelihood_->observe(pictures, noise);
  const Tensor z = style(x, classify(x).probs()).mean;         // [N, Z]
  const Tensor y = torch::eye(K, z.options()).repeat({N, 1});  // [N K, K]
  const Tensor each = look(y, z.repeat_interleave(K, 0), noise).view({N, K, -1});
  auto shape = pictures.sizes().vec();
  shape[0] = -1;
  training::add_images(gallery, "analogies",
                       "A validation picture, and every class in its style: z stays, y goes through all",
                       torch::cat({pictures.flatten(1).unsqueeze(1), each}, 1).view(shape), K + 1);
}

}  // namespace generative
