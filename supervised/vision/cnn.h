// Classes or numbers from pictures: convolution stack (LeCun et al. 1998).
#pragma once

#include "supervised/vision/picture_task.h"
#include "training/nets/conv_stack.h"

namespace supervised {

class Cnn : public training::Learner {
 public:
  struct Options {
    BackendTaskOptions cnn;
    training::ConvStackOptions net;
    PictureOptions pictures;
    void fields(core::Fields& f);
  };

  explicit Cnn(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { task_.sample(gallery); }

 private:
  Options options_;
  PictureTask task_;
  training::ConvStack net_{nullptr};
};

}  // namespace supervised
