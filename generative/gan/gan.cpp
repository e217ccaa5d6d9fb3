// Goodfellow et al. (2014), algorithm 1; Arjovsky et al. (2017), algorithm 1; Gulrajani et al. (2017),
// algorithm 1.
#include "generative/gan/gan.h"

#include "core/error.h"
#include "generative/class_condition.h"
#include "generative/sample_grades.h"
#include "training/data/recall.h"
#include "training/distributions.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Gan::ModelOptions::fields(core::Fields& f) {
  f.choice("loss", loss,
           "minimax: the generator minimises ln(1 - D(G(z))); non_saturating: it maximises ln D(G(z)); "
           "least_squares; the Wasserstein distance by a critic of clipped weights (wgan_clip) or of slope 1 "
           "(wgan_gp)",
           gan_losses());
  f.add("latent", latent, "Dimensions of the noise z", {.min = 1, .max = 1e12});
  f.add("n_critic", n_critic, "Updates of the critic for each of the generator", {.min = 1, .max = 1000});
  f.add("gradient_penalty", gradient_penalty,
        "Weight of E (|grad D| - 1)^2 between data and samples (wgan_gp; null: 10), of E |grad D|^2 at the "
        "data (all others: Mescheder, Geiger & Nowozin 2018; null: 0)",
        {.min = 0});
  f.add("weight_clip", weight_clip, "wgan_clip: largest size of a weight of the critic",
        {.min = 0, .max = 1e6, .above = true});
  f.add("spectral_norm", spectral_norm,
        "Divide each of the critic's weights by its largest singular value (Miyato et al. 2018)");
  f.choice("condition", condition,
           "class: generator and critic are told each row's class, so that samples of one can be asked for "
           "(atelier sample --class)",
           {"none", "class"});
}

void Gan::Options::fields(core::Fields& f) {
  f.section("gan", gan, "The game");
  f.section("net", net,
            "Layers of the critic, which has batch norm only without a gradient penalty and spectral norm; "
            "the generator mirrors them");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are used by gan.condition alone");
}

void Gan::check_data() const {
  const std::string& name = options_.data.name;
  core::check(data_.train.inputs().scalar_type() != torch::kInt64,
              "data: '{}' has rows of symbols; a gan needs pictures or numbers", name);
  core::check(!pictures() || training::data::in_unit_range(data_.train),
              "data: pictures of '{}' have values outside 0..1, where the generator's are", name);
  if (conditional()) require_classes(data_, name, "gan.condition");
}

void Gan::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::not_needed);
  check_data();
  device_ = build.device();
  source_ = training::data::register_source(build, data_, options_.data);
  noise_ = build.stream("noise");
  const GanNetOptions nets{.latent = options_.gan.latent,
                           .classes = conditional() ? classes() : 0,
                           .spectral_norm = options_.gan.spectral_norm,
                           .critic_batch_norm = penalty() == 0 && !options_.gan.spectral_norm};
  nets_.build(build, training::shape_of(data_.train.inputs(), options_.net), pictures(), nets, options_.net);
  register_updates(build);
  register_sample_grades(build, data_, conditional());
}

void Gan::register_updates(training::Build& build) {
  const std::string unit = loss().unit;
  std::vector<training::MetricSpec> terms{{"data", unit, "Loss on data, mean over the batch"},
                                          {"samples", unit, "Loss on samples, mean over the batch"}};
  if (penalty() > 0) terms.push_back({"gradient_penalty", "", "Weighted penalty on the critic's slope"});
  build.optimizer("critic", nets_.critic_modules(), terms);
  build.optimizer("generator", {nets_.generator().get()},
                  {{"samples", unit, "Loss on samples, mean over the batch"}});
}

training::Terms Gan::critic_loss(const Tensor& x, const Tensor& samples, const Tensor& classes) {
  training::Terms terms{{"data", loss().on_data(nets_.criticise(x, classes))},
                        {"samples", loss().on_samples(nets_.criticise(samples, classes))}};
  if (penalty() == 0) return terms;
  const Tensor at = pulled_to_one() ? between(x, samples, noise_) : x;
  const auto critic = [&](const Tensor& rows) { return nets_.criticise(rows, classes); };
  terms.push_back({"gradient_penalty", gradient_penalty(critic, at, pulled_to_one() ? 1 : 0), penalty()});
  return terms;
}

Tensor Gan::generator_loss(const Tensor& samples, const Tensor& classes) {
  return loss().of_generator(nets_.criticise(samples, classes));
}

// What of it learns: init_from may have frozen parts.
static std::vector<Tensor> learning(const torch::nn::Module& net) {
  std::vector<Tensor> all = net.parameters();
  std::erase_if(all, [](const Tensor& parameter) { return !parameter.requires_grad(); });
  return all;
}

void Gan::clip_critic() {
  const torch::NoGradGuard no_grad;
  const double c = options_.gan.weight_clip;
  for (const Tensor& weight : learning(*nets_.critic())) weight.clamp_(-c, c);
}

// The generator is asked for the classes that the critic saw last, whose shares are the data's.
void Gan::step(training::Step& step) {
  const int64_t B = source_->batch_size();
  Tensor classes;
  for (int64_t i = 0; i < options_.gan.n_critic; ++i) {
    const training::Batch batch = step.next(*source_);
    if (conditional()) classes = batch.targets();
    step.update("critic", critic_loss(batch.inputs(), samples(B, classes, noise_), classes));
    if (options_.gan.loss == "wgan_clip") clip_critic();
  }
  const std::vector<Tensor> judges = learning(*nets_.critic());
  for (const Tensor& parameter : judges) parameter.requires_grad_(false);
  step.update("generator", {{"samples", generator_loss(generate(B, classes, noise_), classes)}});
  for (const Tensor& parameter : judges) parameter.requires_grad_(true);
}

Tensor Gan::generate(int64_t count, const Tensor& classes, const Generator& noise) {
  const Tensor like = torch::empty({count, options_.gan.latent}, device_);
  return nets_.generate(training::normal_noise(like, noise), classes);
}

Tensor Gan::samples(int64_t count, const Tensor& classes, const Generator& noise) {
  constexpr int64_t at_once = 1000;
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> parts;
  for (int64_t done = 0; done < count; done += at_once) {
    const int64_t n = std::min(at_once, count - done);
    parts.push_back(generate(n, classes.defined() ? classes.narrow(0, done, n) : classes, noise));
  }
  return torch::cat(parts);
}

void Gan::evaluate(training::Eval& eval) {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const Tensor asked = conditional() ? held.targets().to(device_) : Tensor();
  log_sample_grades(eval, data_, held, samples(held.size(), asked, eval.generator()), asked);
}

}  // namespace generative
