// Goodfellow et al. (2014), section 3 and algorithm 1; Gulrajani et al. (2017), algorithm 1.
#include "generative/gan/gan.h"

#include "core/error.h"
#include "generative/autoencoders/code_pictures.h"
#include "generative/sample_quality.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Gan::ModelOptions::fields(core::Fields& f) {
  f.choice("loss", loss,
           "non_saturating: the generator maximises ln D(G(z)); wgan_gp: Wasserstein distance by a critic of "
           "slope 1",
           {"non_saturating", "wgan_gp"});
  f.add("latent", latent, "Dimensions of the noise z", {.min = 1, .max = 1e12});
  f.add("n_critic", n_critic, "Updates of the critic for each of the generator", {.min = 1, .max = 1000});
  f.add("gradient_penalty", gradient_penalty,
        "Weight of E (|grad D| - 1)^2 between data and samples (wgan_gp; null: 10), of E |grad D|^2 at the "
        "data "
        "(non_saturating: Mescheder, Geiger & Nowozin 2018; null: 0)",
        {.min = 0});
}

void Gan::Options::fields(core::Fields& f) {
  f.section("gan", gan, "The game");
  f.section("net", net,
            "Layers of the critic, which has batch norm only without a gradient penalty; the generator "
            "mirrors them");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are not learned from");
}

void Gan::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::not_needed);
  core::check(data_.train.inputs().scalar_type() != torch::kInt64,
              "data: '{}' has rows of symbols; a gan needs pictures or numbers", options_.data.name);
  core::check(!pictures() || training::data::in_unit_range(data_.train),
              "data: pictures of '{}' have values outside 0..1, where the generator's are",
              options_.data.name);
  device_ = build.device();
  source_ = training::data::register_source(build, data_, options_.data);
  noise_ = build.stream("noise");

  const auto shape = training::shape_of(data_.train.inputs(), options_.net);
  auto critic = options_.net;  // a gradient penalty needs each row to be judged by itself
  critic.batch_norm = critic.batch_norm && penalty() == 0;
  generator_ = training::DeconvStack("generator", options_.gan.latent, shape, options_.net);
  critic_ = training::ConvStack("critic", shape, 1, critic);
  build.module("generator", *generator_);
  build.module("critic", *critic_);
  using training::Direction;
  const std::string unit = wasserstein() ? "" : "nats";
  std::vector<training::MetricSpec> terms{{"data", unit, "Loss on data, mean over the batch"},
                                          {"samples", unit, "Loss on samples, mean over the batch"}};
  if (penalty() > 0) terms.push_back({"gradient_penalty", "", "Weighted penalty on the critic's slope"});
  build.optimizer("critic", {critic_.get()}, terms);
  build.optimizer("generator", {generator_.get()},
                  {{"samples", unit, "Loss on samples, mean over the batch"}});
  build.split_metric({"sliced_wasserstein", "",
                      "Distance between the rows and as many samples, in the data's unit",
                      Direction::minimize});
  if (labelled()) {
    build.fact("label_classes", int64_t(data_.train.classes.size()));
    build.split_metric({"classes", "",
                        "Classes that have at least a tenth of an even share of 500 samples, by the class of "
                        "each one's nearest row",
                        Direction::maximize});
  }
  if (data_.mixture) {
    build.fact("modes", data_.mixture->centres.size(0));
    build.split_metric(
        {"modes", "", "Modes that have 2 % of as many samples within three deviations", Direction::maximize});
    build.split_metric({"within_3_sigma", "", "Share of as many samples within three deviations of a mode",
                        Direction::maximize});
  }
  build.score("valid/sliced_wasserstein");
}

// Labels are not learned from; they tell which classes the samples meet.
bool Gan::labelled() const {
  const Tensor& classes = data_.train.targets();
  return classes.defined() && classes.dim() == 1 && !classes.is_floating_point() &&
         data_.train.classes.size() >= 2;
}

// Pictures are 0..1 outside, and centred for the critic.
Tensor Gan::criticise(const Tensor& x) { return critic_->forward(pictures() ? 2 * x - 1 : x); }

Tensor Gan::generate(int64_t count, const Generator& noise) {
  return from_noise(training::normal_noise(torch::empty({count, options_.gan.latent}, device_), noise));
}

Tensor Gan::from_noise(const Tensor& z) {
  const Tensor out = generator_->forward(z);
  return pictures() ? out.sigmoid() : out.flatten(1);
}

Tensor gradient_penalty(const Critic& critic, const Tensor& x, double norm) {
  const Tensor at = x.detach().requires_grad_();
  const Tensor slope = torch::autograd::grad({critic(at).sum()}, {at}, {}, true, true)[0];  // [B, ...]
  const Tensor squares = slope.flatten(1).square().sum(1);
  // Where the norm is pulled to 0 its square needs no root, whose own slope at 0 is infinite.
  return norm == 0 ? squares.mean() : ((squares + 1e-12).sqrt() - norm).square().mean();
}

static Tensor between(const Tensor& x, const Tensor& samples, const Generator& noise) {  // each row somewhere
  auto one_each = std::vector<int64_t>(size_t(x.dim()), 1);
  one_each[0] = x.size(0);
  const Tensor share = training::uniform_noise(torch::empty(one_each, x.options()), noise);
  return share * x + (1 - share) * samples;
}

training::Terms Gan::critic_loss(const Tensor& x, const Tensor& samples) {
  const Tensor on_data = criticise(x), on_samples = criticise(samples);
  training::Terms terms{{"data", -on_data.mean()}, {"samples", on_samples.mean()}};
  if (!wasserstein())  // D = sigmoid of the critic: -ln D(x), -ln(1 - D(G(z)))
    terms = {{"data", torch::softplus(-on_data).mean()}, {"samples", torch::softplus(on_samples).mean()}};
  if (penalty() == 0) return terms;
  const Tensor at = wasserstein() ? between(x, samples, noise_) : x;
  const auto critic = [this](const Tensor& rows) { return criticise(rows); };
  terms.push_back({"gradient_penalty", gradient_penalty(critic, at, wasserstein() ? 1 : 0), penalty()});
  return terms;
}

Tensor Gan::generator_loss(const Tensor& samples) {
  const Tensor judged = criticise(samples);
  return wasserstein() ? -judged.mean() : torch::softplus(-judged).mean();  // -ln D(G(z))
}

// What of it learns: init_from may have frozen parts.
static std::vector<Tensor> learning(const torch::nn::Module& net) {
  std::vector<Tensor> all = net.parameters();
  std::erase_if(all, [](const Tensor& parameter) { return !parameter.requires_grad(); });
  return all;
}

void Gan::step(training::Step& step) {
  const int64_t B = source_->batch_size();
  for (int64_t i = 0; i < options_.gan.n_critic; ++i) {
    const Tensor x = step.next(*source_).inputs();
    step.update("critic", critic_loss(x, samples(B, noise_)));
  }
  const std::vector<Tensor> judges = learning(*critic_);
  for (const Tensor& parameter : judges) parameter.requires_grad_(false);
  step.update("generator", {{"samples", generator_loss(generate(B, noise_))}});
  for (const Tensor& parameter : judges) parameter.requires_grad_(true);
}

Tensor Gan::samples(int64_t count, const Generator& noise) {
  constexpr int64_t at_once = 1000;
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> parts;
  for (int64_t done = 0; done < count; done += at_once)
    parts.push_back(generate(std::min(at_once, count - done), noise));
  return torch::cat(parts);
}

void Gan::evaluate(training::Eval& eval) {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const Tensor made = samples(held.size(), eval.generator());
  const Tensor rows = training::slice(held, 0, held.size(), device_).inputs();
  eval.log_split("sliced_wasserstein",
                 sliced_wasserstein(made.flatten(1), rows.flatten(1), eval.generator()));
  if (labelled())
    eval.log_split("classes", double(classes_met(made.flatten(1), rows.flatten(1), held.targets(),
                                                 int64_t(held.classes.size()))));
  if (!data_.mixture) return;
  const Coverage met = coverage(made, *data_.mixture);
  eval.log_split("modes", double(met.modes));
  eval.log_split("within_3_sigma", met.within);
}

void Gan::sample(core::Gallery& gallery) {
  const Tensor made = samples(gallery.n, training::default_generator());  // whoever asks has seeded it
  if (training::are_images(made)) {
    training::add_images(gallery, "samples", "Pictures that the generator makes of noise", made);
    const torch::NoGradGuard no_grad;
    const Tensor ends = training::normal_noise(torch::empty({8, options_.gan.latent}, device_),
                                               training::default_generator());
    show_interpolations(
        gallery, ends, [this](const Tensor& way) { return from_noise(way); },
        "From one sample to another, straight through the noise");
  } else if (made.size(1) == 2)
    show_plane(gallery, made);
}

void Gan::show_plane(core::Gallery& gallery, const Tensor& points) {
  constexpr int64_t side = 128;
  const torch::NoGradGuard no_grad;
  const core::Rect window = *data_.window;
  training::add_points(gallery, "samples", "Points that the generator makes of noise", points, window);
  const Tensor opinion = criticise(training::grid_points(window, side).to(device_));
  gallery.grid("critic", "The critic's opinion of each point: the higher the more like data", side, side,
               training::floats(wasserstein() ? opinion : opinion.sigmoid()), window);
}

}  // namespace generative
