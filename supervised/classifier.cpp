// Loss, grades and pictures of classifiers.
#include "supervised/classifier.h"

#include <fmt/ranges.h>

#include "core/error.h"
#include "training/gallery.h"

namespace supervised {
namespace {

constexpr int64_t slice_rows = 1000;  // of the test set at once

// Logits of every row, in order: [M, K] on the CPU.
torch::Tensor all_logits(const Forward& forward, const training::Dataset& set, torch::Device device) {
  torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  for (int64_t first = 0; first < set.size(); first += slice_rows)
    parts.push_back(forward(training::slice(set, first, slice_rows, device).inputs).to(torch::kCPU));
  return torch::cat(parts);
}

torch::Tensor losses(const torch::Tensor& logits, const torch::Tensor& classes) {  // [M]
  return -logits.log_softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1);
}

void show_confusion(core::Gallery& gallery, const torch::Tensor& guesses, const training::Dataset& test) {
  const auto classes = int64_t(test.classes.size());
  const torch::Tensor cell = test.targets * classes + guesses;
  const torch::Tensor counts = torch::bincount(cell, {}, classes * classes).view({classes, classes});
  const torch::Tensor share = counts / counts.sum(1, true).clamp_min(1);  // of each true class
  gallery.matrix("confusion", "Share of each true class (row) that was taken for each class (column)",
                 test.classes, training::floats(share));
}

// As many cells from the first evaluation to the last: those that a good classifier no longer needs stay
// blank.
void show_most_wrong(core::Gallery& gallery, const torch::Tensor& loss, const torch::Tensor& guesses,
                     const training::Dataset& test) {
  const torch::Tensor is_wrong = guesses != test.targets;
  const torch::Tensor worst = std::get<1>(torch::where(is_wrong, loss, torch::full_like(loss, -1))
                                              .topk(std::min({gallery.n, test.inputs.size(0), int64_t(36)})));
  torch::Tensor pictures = test.inputs.index_select(0, worst).clone();
  std::vector<std::string> labels;
  for (int64_t i = 0; i < worst.size(0); ++i) {
    const auto row = worst[i].item<int64_t>();
    const bool wrong = is_wrong[row].item<bool>();
    labels.push_back(wrong ? test.classes[size_t(guesses[row].item<int64_t>())] + "?" : "");
    if (!wrong) pictures[i].zero_();
  }
  training::add_images(gallery, "most_wrong",
                       "Test pictures with the largest loss, and what they were taken for", pictures, 0,
                       labels);
}

void show_decisions(core::Gallery& gallery, const Forward& forward, const training::Dataset& test,
                    torch::Device device) {
  constexpr int64_t side = 64;
  const core::Rect extent = training::around(test.inputs);
  const torch::Tensor points = training::grid_points(extent, side);
  const torch::Tensor guesses = all_logits(forward, {points, {}, {}}, device).argmax(1);
  gallery.grid("decisions", "The class given to each point of the plane", side, side,
               training::floats(guesses), extent);
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

training::data::Data labelled(const training::data::Options& options) {
  training::data::Data data = options.load();
  core::check(data.train.targets.defined() && data.test.targets.defined(),
              "data: '{}' has no labels; a classifier needs them", options.name);
  core::check(data.train.targets.dim() == 1,
              "data: '{}' has not one class for each row; a classifier needs that", options.name);
  core::check(data.train.classes.size() >= 2, "data: '{}' has one class; a classifier needs two or more",
              options.name);
  return data;
}

void check_pictures(const training::data::Data& data, const std::string& name, const std::string& learner) {
  const auto& rows = data.train.inputs;
  core::check(rows.dim() == 4, "data: '{}' has rows of shape [{}]; {} needs pictures [C, H, W]", name,
              fmt::join(rows.sizes().slice(1), ", "), learner);
}

void register_grades(training::Build& build) {
  build.metric({"train/accuracy", "", "Share of the batch's rows whose class was right, before the update"});
  build.metric({"test/loss", "nats", "Mean cross entropy over the test set"});
  build.metric({"test/accuracy", "", "Share of the test rows whose class was right"});
  build.score("test/accuracy", +1);
}

void grade(training::Eval& eval, const Forward& forward, const training::Dataset& test,
           torch::Device device) {
  const torch::Tensor logits = all_logits(forward, test, device);
  eval.log("test/loss", losses(logits, test.targets).to(torch::kFloat64).mean().item<double>());
  eval.log("test/accuracy", accuracy(logits, test.targets));
}

void show(core::Gallery& gallery, const Forward& forward, const training::Dataset& test,
          torch::Device device) {
  const torch::Tensor logits = all_logits(forward, test, device);
  const torch::Tensor guesses = logits.argmax(1);
  show_confusion(gallery, guesses, test);
  if (training::are_images(test.inputs))
    show_most_wrong(gallery, losses(logits, test.targets), guesses, test);
  if (test.inputs.dim() == 2 && test.inputs.size(1) == 2) show_decisions(gallery, forward, test, device);
}

}  // namespace supervised
