// Classes or numbers from pictures: densely connected network (Huang et al. 2017).
#pragma once

#include "supervised/vision/picture_task.h"
#include "training/nets/dense_net.h"

namespace supervised {

class Densenet : public training::Learner {
 public:
  struct Options {
    TaskOptions densenet;
    training::DenseNetOptions net;
    PictureOptions pictures;
    void fields(core::Fields& f);
  };

  explicit Densenet(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { task_.sample(gallery); }

 private:
  Options options_;
  PictureTask task_;
  training::DenseNet net_{nullptr};
};

}  // namespace supervised
