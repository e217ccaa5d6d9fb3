// What all classifiers share: rows, the loss, the grade on held-out rows, and what a person would look at.
#pragma once

#include "training/torch.h"

#include "training/data/all.h"
#include "training/loop/learner.h"

namespace supervised {

struct ClassifierOptions {
  double label_smoothing = 0;
  void fields(core::Fields& f);
};

// Mean cross entropy in nats; `smoothing` moves that share of each label evenly onto all classes (Szegedy
// 2016).
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& classes,
                            double smoothing);                               // []
double accuracy(const torch::Tensor& logits, const torch::Tensor& classes);  // 0 .. 1

// Error unless the rows are pictures [N, C, H, W], which `learner` needs.
void check_pictures(const torch::Tensor& rows, const std::string& name, const std::string& learner);

// Labelled rows and how a net learns them: all of a classifier but its net and what it does to its inputs.
class Classification {
 public:
  // Loads the rows and registers them; returns those to learn from, [N, ...]. Error that says what is missing
  // unless they have labels of two or more classes.
  const torch::Tensor& load(training::Build& build, const training::data::Options& data);
  // Registers the net, its optimiser, how it answers, and the metrics; valid/accuracy chooses best.h5.
  void learns(training::Build& build, torch::nn::Module& net, training::Classifier classify);

  int64_t classes() const { return int64_t(data_.train.classes.size()); }  // K
  training::Batch next(training::Step& step) { return step.next(*source_); }
  // One update by the cross entropy of this batch.
  void learn(training::Step& step, const training::Batch& batch, const ClassifierOptions& options);
  // Loss (without smoothing) and accuracy over the whole of the part that is asked for.
  void evaluate(training::Eval& eval) const;
  // The confusion matrix; of pictures those that it got most wrong, of points of the plane the decision map.
  void sample(core::Gallery& gallery) const;

 private:
  void show_held_out(core::Gallery& gallery) const;
  torch::Tensor all_logits(const torch::Tensor& rows) const;

  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  training::Classifier classify_;
};

// What `net` answers to its inputs.
template <class Net>
training::ClassifierOutput classified(Net& net, const torch::Tensor& inputs) {
  const torch::Tensor features = net->features(inputs);
  return {net->output(features), features};
}

}  // namespace supervised
