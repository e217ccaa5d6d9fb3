#include "generative/autoencoders/assisted_classifier.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "generative/autoencoders/code_pictures.h"
#include "training/data/recall.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Tensor;

void AssistedClassifier::ModelOptions::fields(core::Fields& f) {
  f.add("code", code, "Numbers of a code", {.min = 1, .max = 1e12});
  f.choice(
      "sees", sees,
      "What the classifier is shown: x, the row; z, its code; reconstruction, the row as the autoencoder "
      "gives it back; all of these",
      {"x", "z", "reconstruction", "all"});
  f.add("hidden", hidden, "Widths of the classifier's hidden layers; [] for a linear one", {.min = 1});
}

void AssistedClassifier::Options::fields(core::Fields& f) {
  f.section("assisted_classifier", assisted_classifier, "The code, and what is seen of it");
  f.section("net", net, "Layers of the encoder; the decoder mirrors them");
  f.tagged("data", data.tagged(), "Rows in 0..1 with classes, of which labelled tell theirs");
}

void AssistedClassifier::build(training::Build& build) {
  using training::Direction;
  data_ = training::data::load(build, options_.data, training::data::HeldOutRows::shown);
  core::check(data_.train.classes.size() >= 2 && data_.train.targets().defined(),
              "data: '{}' has no class for each row; assisted_classifier learns classes", options_.data.name);
  core::check(
      data_.train.inputs().scalar_type() != torch::kInt64 && training::data::in_unit_range(data_.train),
      "data: assisted_classifier needs inputs in 0..1, those of '{}' are not", options_.data.name);
  device_ = build.device();
  labelled_ = training::data::register_source(build, data_, options_.data);
  unlabelled_ = training::data::register_unlabelled(build, data_, options_.data);
  const int64_t D = c10::multiply_integers(data_.train.inputs().sizes().slice(1));
  const auto& [code, sees, hidden] = options_.assisted_classifier;
  const std::map<std::string, int64_t> widths{
      {"x", D}, {"z", code}, {"reconstruction", D}, {"all", 2 * D + code}};
  training::MlpOptions mirrored = options_.net, of_classifier = options_.net;
  std::reverse(mirrored.hidden.begin(), mirrored.hidden.end());
  of_classifier.hidden = hidden;
  encoder_ = training::Mlp("encoder", D, code, options_.net);
  decoder_ = training::Mlp("decoder", code, D, mirrored);
  classifier_ = training::Mlp("classifier", widths.at(sees), std::ssize(data_.train.classes), of_classifier);
  build.module("encoder", *encoder_);
  build.module("decoder", *decoder_);
  build.module("classifier", *classifier_);
  build.optimizer("reconstruction", {encoder_.get(), decoder_.get()},
                  {{"mse", "", "Squared error of a number that is given back, mean over the batch"}});
  build.optimizer("classifier", {classifier_.get()},
                  {{"cross_entropy", "nats", "-ln q(y|x) of one labelled row, mean over the batch"}});
  build.split_metric({"mse", "", "Squared error of a number that is given back, mean", Direction::minimize});
  build.split_metric({"accuracy", "", "Share of rows whose class is found", Direction::maximize});
  build.score("valid/accuracy");
}

Tensor AssistedClassifier::seen(const Tensor& x) {
  const torch::NoGradGuard no_grad;
  const std::string& sees = options_.assisted_classifier.sees;
  if (sees == "x") return x;
  const Tensor z = encoder_->forward(x);
  if (sees == "z") return z;
  const Tensor given_back = decoder_->forward(z).sigmoid();
  return sees == "all" ? torch::cat({x, z, given_back}, 1) : given_back;
}

void AssistedClassifier::step(training::Step& step) {
  const training::Batch few = step.next(*labelled_);
  const Tensor x = step.next(*unlabelled_).inputs().flatten(1);
  step.update("reconstruction", {{"mse", (back(x) - x).square().mean()}});
  const training::Categorical q(logits(few.inputs().flatten(1)));
  step.update("classifier", {{"cross_entropy", -q.log_prob(few.targets()).mean()}});
}

void AssistedClassifier::evaluate(training::Eval& eval) {
  constexpr int64_t rows = 1000;
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  double right = 0, square = 0;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const training::Batch batch = training::slice(held, first, rows, device_);
    const Tensor x = batch.inputs().flatten(1);
    right += (logits(x).argmax(1) == batch.targets()).sum().item<double>();
    square += (back(x) - x).square().sum(torch::kFloat64).item<double>() / double(x.size(1));
  }
  eval.log_split("accuracy", right / double(held.size()));
  eval.log_split("mse", square / double(held.size()));
}

void AssistedClassifier::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  if (data_.valid.size() == 0) return;
  const training::Batch batch = training::slice(data_.valid, 0, 1000, device_);
  const Tensor rows = batch.inputs(), codes = encoder_->forward(rows.flatten(1));
  if (codes.size(1) >= 2)
    show_code_map(gallery, "Codes of validation rows", codes, {batch, data_.valid.classes});
  if (!training::are_images(rows)) return;
  show_interpolations(
      gallery, codes.narrow(0, 0, std::min<int64_t>(8, codes.size(0) / 2 * 2)), [&](const Tensor& way) {
        return decoder_->forward(way).sigmoid().view({-1, rows.size(1), rows.size(2), rows.size(3)});
      });
  const int64_t columns = std::min<int64_t>(10, rows.size(0));
  const Tensor given = rows.narrow(0, 0, columns);
  training::add_images(gallery, "reconstructions",
                       "Validation pictures, and as the autoencoder gives them back",
                       torch::cat({given, back(given.flatten(1)).view_as(given)}), columns);
}

}  // namespace generative
