// Classes or numbers from pictures: convolution stack (LeCun et al. 1998).
#pragma once

#include "supervised/task.h"
#include "training/nets/conv_stack.h"

namespace supervised {

class Cnn : public training::Learner {
 public:
  struct Options {
    BackendTaskOptions cnn;
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
  Task task_;
  training::ConvStack net_{nullptr};
};

}  // namespace supervised
