// Jang, Gu & Poole (2017), sections 2-3: the KL is exact, the draw is relaxed while learning and never in
// evaluation.
#include "generative/autoencoders/categorical_vae.h"

#include <cmath>

#include "generative/autoencoders/code_pictures.h"
#include "generative/autoencoders/gumbel.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void CategoricalVae::ModelOptions::fields(core::Fields& f) {
  f.add("variables", variables, "Categorical variables of a code", {.min = 1, .max = 1e6});
  f.add("categories", categories, "Of each variable", {.min = 2, .max = 1e6});
  f.choice(
      "estimator", estimator,
      "How gradients pass a draw: gumbel, which relaxes it, or score, the score function of several draws",
      {"gumbel", "score"});
  f.add("temperature", temperature, "gumbel: of the relaxation at first; the lower the nearer to a draw",
        {.min = 1e-3});
  f.add("final_temperature", final_temperature, "gumbel: at the end; it falls exponentially", {.min = 1e-3});
  f.add("draws", draws, "score: of each row; each is judged by the mean of the others",
        {.min = 2, .max = 1000});
  likelihood.fields(f);
}

void CategoricalVae::Options::fields(core::Fields& f) {
  f.section("categorical_vae", categorical_vae, "The code and its bound");
  f.section("net", net, "Layers of the encoder; the decoder mirrors them");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are not used");
}

void CategoricalVae::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  const ModelOptions& o = options_.categorical_vae;
  likelihood_ = Likelihood(o.likelihood, data_, options_.data.name, "categorical_vae");
  device_ = build.device();
  const int64_t width = o.variables * o.categories;
  shape_ = training::shape_of(data_.train.inputs(), options_.net);
  encoder_ = training::ConvStack("encoder", shape_, width, options_.net);
  decoder_ = training::DeconvStack("decoder", width, shape_, options_.net);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  build.module("likelihood", *likelihood_);
  noise_ = build.stream("noise");
  binarise_ = build.stream("binarise");
  register_metrics(build);
}

void CategoricalVae::register_metrics(training::Build& build) {
  using training::Direction;
  std::vector<training::MetricSpec> terms{
      {"reconstruction", "nats", "-ln p(x|z) of one row by the draw that is learned from, mean"},
      {"kl", "nats", "KL(q(z|x) || uniform) of one row, mean over the batch"}};
  if (options_.categorical_vae.estimator == "score")
    terms.push_back({"score", "", "What carries the score function's gradient; its value means nothing"});
  build.optimizer("elbo", {encoder_.get(), decoder_.get(), likelihood_.get()}, terms);
  build.split_metric({"neg_elbo", "nats", "Bound on -ln p(x) of one row, mean", Direction::minimize});
  build.split_metric(
      {"reconstruction", "nats", "Part -ln p(x|z) of that bound, z drawn, not relaxed", Direction::minimize});
  build.split_metric({"kl", "nats", "Part KL(q(z|x) || uniform) of that bound"});
  build.score("valid/neg_elbo");
}

training::Categorical CategoricalVae::posterior(const Tensor& x) {
  const Tensor logits = encoder_->forward(x.view({-1, shape_[0], shape_[1], shape_[2]}));
  const ModelOptions& o = options_.categorical_vae;
  return training::Categorical(logits.view({-1, o.variables, o.categories}));
}

Tensor CategoricalVae::reconstruction(const Tensor& x, const Tensor& z) {
  auto shape = z.sizes().vec();
  shape.pop_back();
  shape.back() = x.size(1);
  return -likelihood_->log_prob(x, decoder_->forward(z.flatten(-2).flatten(0, -2)).view(shape));
}

Tensor CategoricalVae::kl_to_uniform(const training::Categorical& q) const {
  return (std::log(double(options_.categorical_vae.categories)) - q.entropy()).sum(-1);
}

Tensor CategoricalVae::one_hot(const Tensor& z) const {
  return torch::one_hot(z, options_.categorical_vae.categories).to(torch::kFloat32);
}

void CategoricalVae::step(training::Step& step) {
  const ModelOptions& o = options_.categorical_vae;
  const Tensor x = likelihood_->observe(step.next(*source_).inputs(), binarise_);
  const auto q = posterior(x);
  const Tensor kl = kl_to_uniform(q).mean();
  if (o.estimator == "gumbel") {
    const double tau = o.temperature * std::pow(o.final_temperature / o.temperature, step.progress());
    const Tensor z = gumbel_softmax(q.log_probs, tau, noise_);
    step.update("elbo", {{"reconstruction", reconstruction(x, z).mean()}, {"kl", kl}});
  } else {
    const training::Categorical many(q.log_probs.expand({o.draws, -1, -1, -1}));  // [S, B, N, K]
    const Tensor z = many.sample(noise_), costs = reconstruction(x, one_hot(z));
    step.update("elbo", {{"reconstruction", costs.mean()},
                         {"kl", kl},
                         {"score", score_function(costs, many.log_prob(z).sum(-1))}});
  }
}

void CategoricalVae::evaluate(training::Eval& eval) {
  constexpr int64_t rows = 1000;
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  double reconstructions = 0, kl = 0;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const Tensor inputs = training::slice(held, first, rows, device_).inputs();
    const Tensor x = likelihood_->observe(inputs, eval.generator());
    const auto q = posterior(x);
    const Tensor z = one_hot(q.sample(eval.generator()));
    reconstructions += reconstruction(x, z).sum(torch::kFloat64).item<double>() / double(held.size());
    kl += kl_to_uniform(q).sum(torch::kFloat64).item<double>() / double(held.size());
  }
  eval.log_split("neg_elbo", reconstructions + kl);
  eval.log_split("reconstruction", reconstructions);
  eval.log_split("kl", kl);
}

Tensor CategoricalVae::look(const Tensor& z, const Generator& noise) {
  return likelihood_->look(decoder_->forward(one_hot(z).flatten(1)).flatten(1), noise);
}

void CategoricalVae::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Generator noise = training::default_generator();  // whoever asks has seeded it
  const ModelOptions& o = options_.categorical_vae;
  const training::Categorical prior(torch::zeros({gallery.n, o.variables, o.categories}, device_));
  const Tensor drawn = look(prior.sample(noise), noise);
  if (training::are_images(data_.valid.inputs()))
    training::add_images(gallery, "samples", "Means of p(x|z) for z drawn from the prior",
                         drawn.view({-1, shape_[0], shape_[1], shape_[2]}));
  else if (data_.window)
    training::add_points(gallery, "samples", "Points drawn from the model", drawn, *data_.window);
  if (data_.valid.size() > 0) show_held_out(gallery, noise);
}

void CategoricalVae::show_held_out(core::Gallery& gallery, const Generator& noise) {
  const training::Batch batch = training::slice(data_.valid, 0, 1000, device_);
  const Tensor rows = batch.inputs(), x = likelihood_->observe(rows, noise);
  const auto q = posterior(x);
  show_code_map(gallery, "Probabilities of the categories of validation rows", q.probs().flatten(1),
                {batch, data_.valid.classes});
  if (!training::are_images(rows)) return;
  show_interpolations(gallery,
                      one_hot(q.mode()).flatten(1).narrow(0, 0, std::min<int64_t>(8, x.size(0) / 2 * 2)),
                      [&](const Tensor& way) {
                        return likelihood_->look(decoder_->forward(way).flatten(1), noise)
                            .view({-1, shape_[0], shape_[1], shape_[2]});
                      });
  const int64_t columns = std::min<int64_t>(10, rows.size(0));
  const Tensor given = rows.narrow(0, 0, columns);
  training::add_images(gallery, "reconstructions",
                       "Validation pictures, as shown to the model, as it gives them back",
                       torch::cat({given, x.narrow(0, 0, columns).view_as(given),
                                   look(q.mode().narrow(0, 0, columns), noise).view_as(given)}),
                       columns);
}

}  // namespace generative
