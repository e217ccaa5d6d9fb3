// Hinton & Salakhutdinov (2006); Vincent, Larochelle, Bengio & Manzagol (2008), section 2.3: the loss asks
// for the row as it was before it was corrupted.
#include "generative/autoencoders/autoencoder.h"

#include "core/error.h"
#include "generative/autoencoders/code_pictures.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void Autoencoder::ModelOptions::fields(core::Fields& f) {
  f.add("code", code, "Numbers of a code", {.min = 1, .max = 1e12});
  f.choice("output", output, "Of the decoder: sigmoid for inputs in 0..1, linear for any numbers",
           {"sigmoid", "linear"});
  f.add("noise", noise,
        "Standard deviation of the noise that is added to what the model is shown, in the data's unit",
        {.min = 0});
  f.add("masked", masked, "Share of the numbers of what the model is shown that are set to 0",
        {.min = 0, .max = 0.99});
}

void Autoencoder::Options::fields(core::Fields& f) {
  f.section("autoencoder", autoencoder, "The code, and what is to be seen of a row");
  f.section("net", net, "Layers of the encoder; the decoder mirrors them");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are not used");
}

void Autoencoder::build(training::Build& build) {
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  core::check(data_.train.inputs().scalar_type() != torch::kInt64,
              "data: '{}' has rows of symbols; an autoencoder needs pictures or numbers", options_.data.name);
  core::check(options_.autoencoder.output == "linear" || training::data::in_unit_range(data_.train),
              "autoencoder.output: sigmoid needs inputs in 0..1, those of '{}' are not; use linear",
              options_.data.name);
  device_ = build.device();

  const int64_t Z = options_.autoencoder.code;
  shape_ = training::shape_of(data_.train.inputs(), options_.net);
  encoder_ = training::ConvStack("encoder", shape_, Z, options_.net);
  decoder_ = training::DeconvStack("decoder", Z, shape_, options_.net);
  codes_ = CodeDensity(Z);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  build.module("codes", *codes_);
  noise_ = build.stream("noise");
  register_metrics(build);
}

void Autoencoder::register_metrics(training::Build& build) {
  using training::Direction;
  build.optimizer("reconstruction", {encoder_.get(), decoder_.get()},
                  {{"mse", "", "Squared error of a number that is given back, mean over the batch"}});
  build.split_metric({"mse", "", "Squared error of a number that is given back, mean", Direction::minimize});
  if (corrupts())
    build.split_metric({"denoising_mse", "", "The same of rows that the model is shown corrupted, mean",
                        Direction::minimize});
  if (has_pca())
    build.split_metric({"mse_to_pca", "",
                        "mse, divided by that of as many principal components of the rows to learn from",
                        Direction::minimize});
  build.score(corrupts() ? "valid/denoising_mse" : "valid/mse");
}

Tensor Autoencoder::encode(const Tensor& x) {
  return encoder_->forward(x.view({-1, shape_[0], shape_[1], shape_[2]}));
}

Tensor Autoencoder::decode(const Tensor& codes) {
  const Tensor out = decoder_->forward(codes).flatten(1);
  return options_.autoencoder.output == "sigmoid" ? out.sigmoid() : out;
}

Tensor Autoencoder::corrupted(const Tensor& x, const Generator& noise) const {
  const auto& [code, output, deviation, masked] = options_.autoencoder;
  Tensor seen = deviation > 0 ? x + deviation * training::normal_noise(x, noise) : x;
  if (masked > 0) seen = seen * (training::uniform_noise(x, noise) >= masked);
  return seen;
}

void Autoencoder::step(training::Step& step) {
  const Tensor x = step.next(*source_).inputs().flatten(1);  // [B, D]
  const Tensor codes = encode(corrupted(x, noise_));
  codes_->see(codes, step.counters().step);
  step.update("reconstruction", {{"mse", (decode(codes) - x).square().mean()}});
}

bool Autoencoder::has_pca() const {
  constexpr int64_t widest = 2048;  // a minute beyond that
  const int64_t D = shape_[0] * shape_[1] * shape_[2];
  return !data_.endless && D <= widest && options_.autoencoder.code <= D;
}

const Pca& Autoencoder::pca() {
  if (!pca_) pca_ = principal_components(data_.train);
  return *pca_;
}

// Squared error of a number, mean over all rows, of what `back` makes of some.
template <class F>
static double mean_square(const training::Dataset& held, torch::Device device, F&& back) {
  constexpr int64_t rows = 1000;
  double sum = 0;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const Tensor x = training::slice(held, first, rows, device).inputs().flatten(1);
    sum += (back(x) - x).square().sum(torch::kFloat64).template item<double>() / double(x.size(1));
  }
  return sum / double(held.size());
}

void Autoencoder::evaluate(training::Eval& eval) {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const double mse = mean_square(held, device_, [&](const Tensor& x) { return decode(encode(x)); });
  eval.log_split("mse", mse);
  if (corrupts())
    eval.log_split("denoising_mse", mean_square(held, device_, [&](const Tensor& x) {
                     return decode(encode(corrupted(x, eval.generator())));
                   }));
  if (has_pca())
    eval.log_split("mse_to_pca", mse / mean_square(held, torch::kCPU, [&](const Tensor& x) {
                                   return pca().decode(pca().encode(x, options_.autoencoder.code));
                                 }));
}

Tensor Autoencoder::pictures(const Tensor& codes) {
  return decode(codes).clamp(0, 1).view({-1, shape_[0], shape_[1], shape_[2]});
}

void Autoencoder::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Generator noise = training::default_generator();  // whoever asks has seeded it
  const Tensor z = codes_->sample(gallery.n, gallery.request.temperature.heed().value_or(1), noise);
  const std::string sentence = "Decoded codes, drawn from a Gaussian around those of the data";
  if (training::are_images(data_.valid.inputs())) {
    training::add_images(gallery, "samples", sentence, pictures(z));
    if (z.size(1) == 2)
      show_code_sheet(gallery, codes_->window(), [&](const Tensor& codes) { return pictures(codes); });
  } else if (data_.window) {
    training::add_points(gallery, "samples", sentence, decode(z), *data_.window);
  }
  if (data_.valid.size() > 0) show_held_out(gallery, noise);
}

void Autoencoder::show_held_out(core::Gallery& gallery, const Generator& noise) {
  const training::Batch batch = training::slice(data_.valid, 0, 1000, device_);
  const Tensor rows = batch.inputs(), x = rows.flatten(1), codes = encode(x);
  if (codes.size(1) >= 2)
    show_code_map(gallery, "Codes of validation rows", codes, {batch, data_.valid.classes});
  if (!training::are_images(rows)) return;
  show_interpolations(gallery, codes.narrow(0, 0, std::min<int64_t>(8, x.size(0) / 2 * 2)),
                      [&](const Tensor& way) { return pictures(way); });
  const Tensor given = rows.narrow(0, 0, std::min<int64_t>(10, x.size(0)));
  const Tensor seen = corrupted(given.flatten(1), noise);
  training::add_images(
      gallery, "reconstructions", "Validation pictures, as shown to the model, as it gives them back",
      torch::cat({given, seen.clamp(0, 1).view_as(given), pictures(encode(seen))}), given.size(0));
}

}  // namespace generative
