// Classifier: convolution stack on pictures (LeCun et al. 1998), cross entropy.
#pragma once

#include "supervised/classifier.h"
#include "training/nets/conv_stack.h"

namespace supervised {

class Cnn : public training::Learner {
 public:
  struct Options {
    ClassifierOptions cnn;
    training::ConvStackOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Cnn(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  Options options_;
  Classification task_;
  training::ConvStack net_{nullptr};
};

}  // namespace supervised
