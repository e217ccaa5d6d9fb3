// Classes or numbers from pictures: vision transformer (Dosovitskiy et al. 2021).
#pragma once

#include "supervised/vision/picture_task.h"
#include "training/nets/vision_transformer.h"

namespace supervised {

class Vit : public training::Learner {
 public:
  struct Options {
    TaskOptions vit;
    training::VisionTransformerOptions net;
    PictureOptions pictures;
    void fields(core::Fields& f);
  };

  explicit Vit(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { task_.learn(step); }
  void evaluate(training::Eval& eval) override { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) override { task_.sample(gallery); }

 private:
  Options options_;
  PictureTask task_;
  training::VisionTransformer net_{nullptr};
};

}  // namespace supervised
