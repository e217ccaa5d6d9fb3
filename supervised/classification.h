// Rows with one class each: the loss, the metrics, and what a person would look at.
#pragma once

#include "training/torch.h"

#include "supervised/mixup.h"
#include "supervised/own_net.h"
#include "training/data/all.h"
#include "training/loop/baselines.h"
#include "training/loop/learner.h"

namespace supervised {

// Mean cross entropy in nats; `smoothing` moves that share of each label evenly onto all classes (Szegedy
// 2016).
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                            double smoothing);                               // []
double accuracy(const torch::Tensor& logits, const torch::Tensor& classes);  // 0 .. 1

class Classification {
 public:
  Classification() = default;
  // Error that says what is missing unless the rows have labels of two or more classes; a note names classes
  // without a row.
  Classification(training::Build& build, const training::data::Data& data, const std::string& name,
                 double smoothing);

  int64_t outputs() const { return classes_; }  // K logits
  // The terms of the update, and the metrics; valid/accuracy chooses best.h5.
  std::vector<training::MetricSpec> terms() const;
  void register_metrics(training::Build& build, const training::Classifier& classify) const;
  // One update by the cross entropy of this batch, each net's own, whose logits these are.
  void learn(training::Step& step, const std::vector<torch::Tensor>& logits, const Mixed& batch) const;
  // What several nets say together: the logarithm of the mean of their probabilities.
  static torch::Tensor together(const std::vector<torch::Tensor>& logits);
  // The same by our own autograd.
  void learn_by(OwnNet& net, training::Step& step, const torch::Tensor& inputs,
                const torch::Tensor& classes) const;
  // What outputs are fitted to where there is no optimiser: 1 for a row's class, 0 for the others, [N, K].
  torch::Tensor wanted(const torch::Tensor& classes) const;
  // Logs how well they were.
  void fitted(training::Step& step, const torch::Tensor& logits, const torch::Tensor& classes) const;
  // Loss (without smoothing) and accuracy.
  void evaluate(training::Eval& eval, const torch::Tensor& logits, const training::Dataset& held) const;
  // The confusion matrix, and of pictures those that it got most wrong.
  void show(core::Gallery& gallery, const torch::Tensor& logits, const training::Dataset& held) const;
  // The class given to each of side x side points of the plane.
  void show_plane(core::Gallery& gallery, const torch::Tensor& logits, int64_t side,
                  const core::Rect& extent) const;

 private:
  int64_t classes_ = 0;
  double smoothing_ = 0;
  training::Baselines baselines_;
};

}  // namespace supervised
