// What all classifiers share: the loss, the grade on held-out rows, and what a person would look at.
#pragma once

#include <torch/torch.h>

#include <functional>

#include "training/data/all.h"
#include "training/learner.h"

namespace supervised {

struct ClassifierOptions {
  double label_smoothing = 0;
  void fields(core::Fields& f);
};

using Forward = std::function<torch::Tensor(const torch::Tensor&)>;  // [B, ...] -> logits [B, K]

// Mean cross entropy in nats; `smoothing` moves that share of each label evenly onto all classes (Szegedy
// 2016).
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                            double smoothing);                               // []
double accuracy(const torch::Tensor& logits, const torch::Tensor& classes);  // 0 .. 1

// The data with labels of at least two classes, or an Error that says what is missing.
training::data::Data labelled(const training::data::Options& options);
// Error unless the rows are pictures [C, H, W], which `learner` needs.
void check_pictures(const training::data::Data& data, const std::string& name, const std::string& learner);

// train/accuracy, test/loss, test/accuracy, and that test/accuracy chooses best.h5.
void register_grades(training::Build& build);
// Test loss (without smoothing) and accuracy over the whole test set.
void grade(training::Eval& eval, const Forward& forward, const training::Dataset& test, torch::Device device);
// The confusion matrix; of pictures those that it got most wrong, of points of the plane the decision map.
void show(core::Gallery& gallery, const Forward& forward, const training::Dataset& test,
          torch::Device device);

}  // namespace supervised
