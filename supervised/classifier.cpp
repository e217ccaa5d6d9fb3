// Loss, grades and pictures of classifiers.
#include "supervised/classifier.h"

#include <fmt/ranges.h>

#include "core/error.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace supervised {
namespace {

constexpr int64_t slice_rows = 1000;  // of a held-out part at once

torch::Tensor losses(const torch::Tensor& logits, const torch::Tensor& classes) {  // [M]
  return -logits.log_softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1);
}

void show_confusion(core::Gallery& gallery, const torch::Tensor& guesses, const training::Dataset& held) {
  const auto classes = int64_t(held.classes.size());
  const torch::Tensor cell = held.targets() * classes + guesses;
  const torch::Tensor counts = torch::bincount(cell, {}, classes * classes).view({classes, classes});
  const torch::Tensor share = counts / counts.sum(1, true).clamp_min(1);  // of each true class
  gallery.matrix("confusion", "Share of each true class (row) that was taken for each class (column)",
                 held.classes, training::floats(share));
}

// As many cells from the first evaluation to the last: those that a good classifier no longer needs stay
// blank.
void show_most_wrong(core::Gallery& gallery, const torch::Tensor& loss, const torch::Tensor& guesses,
                     const training::Dataset& held) {
  const torch::Tensor is_wrong = guesses != held.targets();
  const torch::Tensor worst =
      std::get<1>(torch::where(is_wrong, loss, torch::full_like(loss, -1))
                      .topk(std::min({gallery.n, held.inputs().size(0), int64_t(36)})));
  torch::Tensor pictures = held.inputs().index_select(0, worst).clone();
  std::vector<std::string> labels;
  for (int64_t i = 0; i < worst.size(0); ++i) {
    const auto row = worst[i].item<int64_t>();
    const bool wrong = is_wrong[row].item<bool>();
    labels.push_back(wrong ? held.classes[size_t(guesses[row].item<int64_t>())] + "?" : "");
    if (!wrong) pictures[i].zero_();
  }
  training::add_images(gallery, "most_wrong",
                       "Validation pictures with the largest loss, and what they were taken for", pictures, 0,
                       labels);
}

// `answer`: points [M, 2] -> logits [M, K].
template <class Answer>
void show_decisions(core::Gallery& gallery, Answer answer, const core::Rect& extent) {
  constexpr int64_t side = 64;
  const torch::Tensor guesses = answer(training::grid_points(extent, side)).argmax(1);
  gallery.grid("decisions", "The class given to each point of the plane", side, side,
               training::floats(guesses), extent);
}

void check_labels(const training::data::Data& data, const std::string& name) {
  core::check(data.train.targets().defined() && data.test.targets().defined(),
              "data: '{}' has no labels; a classifier needs them", name);
  core::check(data.train.targets().dim() == 1,
              "data: '{}' has not one class for each row; a classifier needs that", name);
  core::check(data.train.classes.size() >= 2, "data: '{}' has one class; a classifier needs two or more",
              name);
}

// Classes that no row to learn from has: a label between two others, or a name too many.
std::string absent_classes(const training::Dataset& train) {
  const torch::Tensor counts = torch::bincount(train.targets(), {}, int64_t(train.classes.size()));
  std::string absent;
  for (size_t k = 0; k < train.classes.size(); ++k)
    if (counts[int64_t(k)].item<int64_t>() == 0) absent += (absent.empty() ? "" : ", ") + train.classes[k];
  return absent;
}

}  // namespace

void ClassifierOptions::fields(core::Fields& f) {
  f.add("label_smoothing", label_smoothing, "Share of each label spread evenly over all classes",
        {.min = 0, .max = 1});
}

torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes, double smoothing) {
  return torch::cross_entropy_loss(logits, classes, {}, at::Reduction::Mean, -100, smoothing);
}

double accuracy(const torch::Tensor& logits, const torch::Tensor& classes) {
  torch::NoGradGuard no_grad;
  return double((logits.argmax(1) == classes).sum().item<int64_t>()) / double(classes.size(0));
}

void check_pictures(const torch::Tensor& rows, const std::string& name, const std::string& learner) {
  core::check(rows.dim() == 4, "data: '{}' has rows of shape [{}]; {} needs pictures [C, H, W]", name,
              fmt::join(rows.sizes().slice(1), ", "), learner);
}

const torch::Tensor& Classification::load(training::Build& build, const training::data::Options& data) {
  data_ = training::data::load(build, data, training::data::Shown::held_out_rows);
  check_labels(data_, data.name);
  if (const std::string absent = absent_classes(data_.train); data_.train.size() > 0 && !absent.empty())
    build.note(fmt::format("data: of {} classes these have no row to learn from: {}",
                           data_.train.classes.size(), absent));
  device_ = build.device();
  source_ = training::data::register_source(build, data_, data);
  return data_.train.inputs();
}

void Classification::learns(training::Build& build, torch::nn::Module& net, training::Classifier classify) {
  classify_ = std::move(classify);
  build.module("net", net);
  build.optimizer("net", {&net}, {{"cross_entropy", "nats", "Mean cross entropy of the batch"}});
  build.classifier(classify_);
  build.metric({"train/accuracy", "", "Share of the batch's rows whose class was right, before the update",
                training::Direction::maximize});
  build.split_metric({"loss", "nats", "Mean cross entropy", training::Direction::minimize});
  build.split_metric(
      {"accuracy", "", "Share of the rows whose class was right", training::Direction::maximize});
  build.score("valid/accuracy");
}

void Classification::learn(training::Step& step, const training::Batch& batch,
                           const ClassifierOptions& options) {
  const torch::Tensor guess = classify_(batch.inputs()).logits;
  step.update("net", {{"cross_entropy", cross_entropy(guess, batch.targets(), options.label_smoothing)}});
  step.log("train/accuracy", accuracy(guess, batch.targets()));
}

// In order: [M, K] on the CPU.
torch::Tensor Classification::all_logits(const torch::Tensor& rows) const {
  torch::NoGradGuard no_grad;
  const training::Dataset set{rows, {}, {}};
  std::vector<torch::Tensor> parts;
  for (int64_t first = 0; first < set.size(); first += slice_rows)
    parts.push_back(
        classify_(training::slice(set, first, slice_rows, device_).inputs()).logits.to(torch::kCPU));
  return torch::cat(parts);
}

void Classification::evaluate(training::Eval& eval) const {
  const training::Dataset& held = data_.part(eval.request().split);
  const torch::Tensor logits = all_logits(held.inputs());
  eval.log_split("loss", losses(logits, held.targets()).to(torch::kFloat64).mean().item<double>());
  eval.log_split("accuracy", accuracy(logits, held.targets()));
}

void Classification::sample(core::Gallery& gallery) const {
  if (data_.valid.size() > 0) show_held_out(gallery);
  if (data_.window)
    show_decisions(
        gallery, [this](const torch::Tensor& points) { return all_logits(points); }, *data_.window);
}

void Classification::show_held_out(core::Gallery& gallery) const {
  const training::Dataset& held = data_.valid;
  const torch::Tensor logits = all_logits(held.inputs());
  const torch::Tensor guesses = logits.argmax(1);
  show_confusion(gallery, guesses, held);
  if (training::are_images(held.inputs()))
    show_most_wrong(gallery, losses(logits, held.targets()), guesses, held);
}

}  // namespace supervised
