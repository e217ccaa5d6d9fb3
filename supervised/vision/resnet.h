// Classes or numbers from pictures: residual network (He et al. 2015, 2016), crops and mirror images.
#pragma once

#include "supervised/vision/picture_task.h"
#include "training/nets/residual.h"

namespace supervised {

class Resnet : public training::Learner {
 public:
  struct Options {
    TaskOptions resnet;
    training::ResidualNetOptions net;
    PictureOptions pictures{.augment = {}, .data = {}};
    void fields(core::Fields& f);
  };

  explicit Resnet(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { task_.sample(gallery); }

 private:
  Options options_;
  PictureTask task_;
  training::ResidualNet net_{nullptr};
};

}  // namespace supervised
