#include "generative/autoregressive/pixel_rows.h"

#include <fmt/ranges.h>

#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "generative/black_and_white.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void PixelRows::Options::fields(core::Fields& f) {
  f.choice("binarise", binarise,
           "dynamic: each time a grey value is seen it is drawn anew as 0 or 1; threshold: 1 from a half on",
           {"dynamic", "threshold"});
}

void PixelRows::load(training::Build& build, const Options& options, const training::data::Options& data,
                     const std::string& learner) {
  options_ = options;
  data_ = training::data::load(build, data, training::data::HeldOutRows::shown);
  const Tensor& rows = data_.train.inputs();
  core::check(rows.scalar_type() != torch::kInt64 && rows.dim() > 1,
              "data: '{}' has rows of symbols; {} needs pictures or numbers in 0 .. 1", data.name, learner);
  core::check(training::data::in_unit_range(data_.train),
              "data: {} needs pictures or numbers in 0 .. 1, those of '{}' are not", learner, data.name);
  shape_ = rows.sizes().slice(1).vec();
  device_ = build.device();
  source_ = training::data::register_source(build, data_, data);
  binarise_ = build.stream("binarise");
}

int64_t PixelRows::width() const {
  int64_t D = 1;
  for (const int64_t side : shape_) D *= side;
  return D;
}

void PixelRows::register_net(training::Build& build, PixelNet net, int64_t rows_at_once) {
  net_ = std::move(net);
  rows_at_once_ = rows_at_once;
  build.module("net", *net_.module);
  using training::Direction;
  build.optimizer("likelihood", {net_.module}, {{"nll", "nats", "-ln p(x) of one row, mean over the batch"}});
  build.split_metric({"nll", "nats", "-ln p(x) of one row, mean", Direction::minimize});
  build.split_metric({"bits_per_dim", "bits", "The same of one number of a row", Direction::minimize});
  build.score("valid/nll");
}

Tensor PixelRows::observe(const Tensor& inputs, const Generator& noise) const {
  const Tensor x = inputs.flatten(1);  // [B, D]
  return options_.binarise == "threshold" ? (x >= 0.5).to(x.dtype()) : black_and_white(x, noise);
}

Tensor PixelRows::log_prob(const Tensor& x) const {
  return training::Bernoulli(net_.log_odds(x)).log_prob(x).sum(1);
}

void PixelRows::step(training::Step& step) {
  const Tensor x = observe(step.next(*source_).inputs(), binarise_);
  step.update("likelihood", {{"nll", -log_prob(x).mean()}});
}

void PixelRows::evaluate(training::Eval& eval) {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  double nll = 0;
  for (int64_t first = 0; first < held.size(); first += rows_at_once_) {
    core::heed_signals();
    const Tensor x = observe(training::slice(held, first, rows_at_once_, device_).inputs(), eval.generator());
    nll -= log_prob(x).sum(torch::kFloat64).item<double>() / double(held.size());
  }
  eval.log_split("nll", nll);
  eval.log_split("bits_per_dim", nll / double(width()) / std::log(2));
}

void PixelRows::draw(const Tensor& x, int64_t first, double temperature, const Generator& noise) const {
  net_.go_on(x, first, [&](int64_t, const Tensor& log_odds) {
    core::heed_signals();
    if (temperature == 0) return (log_odds > 0).to(x.dtype());
    return (training::uniform_noise(log_odds, noise) < (log_odds / temperature).sigmoid()).to(x.dtype());
  });
}

void PixelRows::show(core::Gallery& gallery, const std::string& name, const std::string& sentence,
                     const Tensor& x, int64_t columns) const {
  std::vector<int64_t> sizes{x.size(0)};
  sizes.insert(sizes.end(), shape_.begin(), shape_.end());
  if (training::are_images(x.view(sizes)))
    return training::add_images(gallery, name, sentence, x.view(sizes), columns);
  std::string lines;
  for (int64_t i = 0; i < x.size(0); ++i) {
    for (int64_t d = 0; d < x.size(1); ++d) lines += x[i][d].item<float>() > 0.5f ? '1' : '0';
    lines += '\n';
  }
  gallery.text(name, sentence, lines);
}

void PixelRows::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Generator noise = training::default_generator();  // whoever asks has seeded it
  const double temperature = gallery.request.temperature.heed().value_or(1);
  const Tensor x = torch::zeros({gallery.n, width()}, device_);
  draw(x, 0, temperature, noise);
  show(gallery, "samples", "Rows drawn from the model, number by number", x, 0);
  if (data_.valid.size() > 0) show_completions(gallery, temperature, noise);
}

void PixelRows::show_completions(core::Gallery& gallery, double temperature, const Generator& noise) const {
  const int64_t columns = std::min<int64_t>(10, data_.valid.size()), half = width() / 2;
  const Tensor given = observe(training::slice(data_.valid, 0, columns, device_).inputs(), noise);
  const Tensor cut = given.clone();
  cut.narrow(1, half, width() - half).zero_();
  const Tensor whole = cut.clone();
  draw(whole, half, temperature, noise);
  show(gallery, "completions", "Validation rows, their first halves, and how the model goes on with those",
       torch::cat({given, cut, whole}), columns);
}

}  // namespace generative
