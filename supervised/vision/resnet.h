// Classes or numbers from pictures: residual network (He et al. 2015, 2016), crops and mirror images.
#pragma once

#include "supervised/task.h"
#include "training/data/augment.h"
#include "training/nets/residual.h"

namespace supervised {

class Resnet : public training::Learner {
 public:
  struct Options {
    TaskOptions resnet;
    training::ResidualNetOptions net;
    training::data::Augmentation augment;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Resnet(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  Options options_;
  Task task_;
  torch::Generator stream_;  // of the augmentation
  training::ResidualNet net_{nullptr};
};

}  // namespace supervised
