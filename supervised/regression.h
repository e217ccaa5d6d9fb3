// Rows with K numbers each: the squared error, how much of their variance is explained, and what a person
// would look at. The net learns targets of mean 0 and deviation 1, those of the training rows, which go with
// its weights.
#pragma once

#include "training/torch.h"

#include "supervised/mixup.h"
#include "supervised/own_net.h"
#include "training/data/all.h"
#include "training/loop/baselines.h"
#include "training/loop/learner.h"

namespace supervised {

// 1 - sum of squared errors / sum of squares around the mean, of each number, and their mean: 1 is perfect, 0
// no better than a constant, and so is a number that does not vary. Both [M, K].
double explained(const torch::Tensor& predicted, const torch::Tensor& targets);

class Regression {
 public:
  // Error that says what is missing unless the rows have real-valued targets [M, K].
  Regression(const training::data::Data& data, const std::string& name, double smoothing);

  int64_t outputs() const { return mean_.size(0); }  // K
  // The terms of the update, and the metrics; valid/r2 chooses best.h5.
  std::vector<training::MetricSpec> terms() const;
  void register_metrics(training::Build& build, const training::Classifier& answer);
  // One update by the squared error of this batch, each net's own, whose outputs these are.
  void learn(training::Step& step, const std::vector<torch::Tensor>& outputs, const Mixed& batch) const;
  // What several nets say together: their mean.
  static torch::Tensor together(const std::vector<torch::Tensor>& outputs);
  // The same by our own autograd.
  void learn_by(OwnNet& net, training::Step& step, const torch::Tensor& inputs,
                const torch::Tensor& targets) const;
  // The targets with mean 0 and deviation 1, which outputs are fitted to, [N, K].
  torch::Tensor wanted(const torch::Tensor& targets) const;
  // Logs how well they were.
  void fitted(training::Step& step, const torch::Tensor& outputs, const torch::Tensor& targets) const;
  // r2 and mse, in the targets' own units.
  void evaluate(training::Eval& eval, const torch::Tensor& outputs, const training::Dataset& held) const;
  // True numbers against predicted ones.
  void show(core::Gallery& gallery, const torch::Tensor& outputs, const training::Dataset& held) const;
  // The first number at each of side x side points of the plane.
  void show_plane(core::Gallery& gallery, const torch::Tensor& outputs, int64_t side,
                  const core::Rect& extent) const;
  // Outputs of the net in the targets' own units.
  torch::Tensor predicted(const torch::Tensor& outputs) const;

 private:
  torch::Tensor mean_, deviation_;  // [K] float32
  training::Baselines baselines_;
};

}  // namespace supervised
