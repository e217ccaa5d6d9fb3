#include "supervised/classification.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "supervised/grades.h"
#include "training/loop/failure.h"
#include "training/loop/gallery.h"

namespace supervised {
namespace {

constexpr int64_t nearest_classes = 5;

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

// Points below the diagonal: more confident than right.
void show_reliability(core::Gallery& gallery, const torch::Tensor& logits, const training::Dataset& held) {
  const torch::Tensor table = reliability(logits, held.targets());
  const torch::Tensor filled = table.index({table.select(1, 0) > 0}).slice(1, 1, 3).to(torch::kFloat32);
  training::add_points(gallery, "reliability",
                       "Confidence (across) and accuracy of validation rows, in 15 bins of confidence",
                       filled, {-0.04F, -0.04F, 1.04F, 1.04F});
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
    if (!wrong) pictures[i].fill_(pictures.is_floating_point() ? 1 : 255);  // as the paper
  }
  training::add_images(gallery, "most_wrong",
                       "Validation pictures that were taken for something else, the largest loss first",
                       pictures, 0, labels);
}

void check_labels(const training::data::Data& data, const std::string& name) {
  const std::string why = data.no_labels.empty()
                              ? fmt::format("data: '{}' has no labels; a classifier needs them", name)
                              : data.no_labels;
  core::check(data.train.targets().defined() && data.test.targets().defined(), "{}", why);
  core::check(data.train.targets().dim() == 1,
              "data: '{}' has not one class for each row; a classifier needs that", name);
  core::check(data.train.classes.size() >= 2, "{}",
              data.no_labels.empty()
                  ? fmt::format("data: '{}' has one class; a classifier needs two or more", name)
                  : data.no_labels);
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

torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes, double smoothing) {
  return torch::cross_entropy_loss(logits, classes, {}, at::Reduction::Mean, -100, smoothing);
}

double accuracy(const torch::Tensor& logits, const torch::Tensor& classes) {
  torch::NoGradGuard no_grad;
  return double((logits.argmax(1) == classes).sum().item<int64_t>()) / double(classes.size(0));
}

Classification::Classification(training::Build& build, const training::data::Data& data,
                               const std::string& name, double smoothing)
    : classes_(int64_t(data.train.classes.size())), smoothing_(smoothing) {
  check_labels(data, name);
  baselines_ = training::Baselines::of_classes(data.train.targets(), classes_);
  if (data.train.size() == 0 || data.endless) return;
  if (const std::string absent = absent_classes(data.train); !absent.empty())
    build.note(fmt::format("data: of {} classes these have no row to learn from: {}", classes_, absent));
}

std::vector<training::MetricSpec> Classification::terms() const {
  return {{"cross_entropy", "nats", "Mean cross entropy of the batch; of several nets the sum of theirs"}};
}

void Classification::register_metrics(training::Build& build, const training::Classifier& classify) const {
  using training::Direction;
  build.classifier(classify);
  build.metric({"train/accuracy", "", "Share of the batch's rows whose class was right, before the update",
                Direction::maximize});
  build.split_metric({"loss", "nats", "Mean cross entropy", Direction::minimize});
  build.split_metric({"accuracy", "", "Share of the rows whose class was right", Direction::maximize});
  build.split_metric({"f1", "",
                      "F1 of each class, precision and recall in their harmonic mean; mean over the classes",
                      Direction::maximize});
  build.split_metric(
      {"calibration_error", "",
       "How far confidence and accuracy lie apart, mean over the rows, in 15 bins of confidence "
       "(Guo et al. 2017)",
       Direction::minimize});
  if (classes_ > nearest_classes)
    build.split_metric({"top5_accuracy", "", "Share of the rows whose class was among the five most likely",
                        Direction::maximize});
  baselines_.register_metrics(build, "nats");
  build.score("valid/accuracy");
}

void Classification::learn(training::Step& step, const std::vector<torch::Tensor>& logits,
                           const Mixed& batch) const {
  torch::Tensor total;
  for (const torch::Tensor& own : logits) {
    const torch::Tensor loss =
        batch.mean([&](const torch::Tensor& classes) { return cross_entropy(own, classes, smoothing_); });
    total = total.defined() ? total + loss : loss;
  }
  const double loss = step.update("net", {{"cross_entropy", total}}).loss;
  baselines_.log(step, loss / double(logits.size()));
  const torch::NoGradGuard no_grad;
  step.log("train/accuracy", accuracy(together(logits), batch.larger()));
}

torch::Tensor Classification::together(const std::vector<torch::Tensor>& logits) {
  if (logits.size() == 1) return logits[0];
  std::vector<torch::Tensor> all;
  for (const torch::Tensor& own : logits) all.push_back(own.log_softmax(1));
  return torch::stack(all).logsumexp(0) - std::log(double(all.size()));  // [B, K]
}

void Classification::learn_by(OwnNet& net, training::Step& step, const torch::Tensor& inputs,
                              const torch::Tensor& classes) const {
  const OwnNet::Learned learned = net.learn(inputs, classes, smoothing_);
  step.apply_gradients("net", {{"cross_entropy", learned.loss}});
  baselines_.log(step, learned.loss);
  step.log("train/accuracy", accuracy(learned.outputs, classes));
}

torch::Tensor Classification::wanted(const torch::Tensor& classes) const {
  return torch::one_hot(classes, classes_).to(torch::kFloat32);
}

void Classification::fitted(training::Step& step, const torch::Tensor& logits,
                            const torch::Tensor& classes) const {
  step.updated("net", {{"cross_entropy", cross_entropy(logits, classes, smoothing_).item<double>()}});
  step.log("train/accuracy", accuracy(logits, classes));
}

void Classification::evaluate(training::Eval& eval, const torch::Tensor& logits,
                              const training::Dataset& held) const {
  training::require_finite(logits, "the logits");
  eval.log_split("loss", losses(logits, held.targets()).to(torch::kFloat64).mean().item<double>());
  eval.log_split("accuracy", accuracy(logits, held.targets()));
  eval.log_split("f1", macro_f1(logits.argmax(1), held.targets(), classes_));
  eval.log_split("calibration_error", calibration_error(logits, held.targets()));
  if (classes_ > nearest_classes)
    eval.log_split("top5_accuracy", top_k(logits, held.targets(), nearest_classes));
}

void Classification::show(core::Gallery& gallery, const torch::Tensor& logits,
                          const training::Dataset& held) const {
  training::require_finite(logits, "the logits");
  const torch::Tensor guesses = logits.argmax(1);
  show_confusion(gallery, guesses, held);
  show_reliability(gallery, logits, held);
  if (training::are_images(held.inputs()))
    show_most_wrong(gallery, losses(logits, held.targets()), guesses, held);
}

void Classification::show_plane(core::Gallery& gallery, const torch::Tensor& logits, int64_t side,
                                const core::Rect& extent) const {
  gallery.grid("decisions", "The class given to each point of the plane", side, side,
               training::floats(logits.argmax(1)), extent);
}

}  // namespace supervised
