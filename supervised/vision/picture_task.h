// What learners of pictures have in common beside their nets: pictures to load, and what is done to them at
// every sight while learning.
#pragma once

#include <array>
#include <string>

#include "supervised/task.h"
#include "training/data/augment.h"

namespace supervised {

// What a net can take: pictures of several sizes at their own, or, for the reason given, those of one size
// alone.
struct PictureSizes {
  bool any = true;
  std::string why_not;
};

// Where pictures come from, and what is done to them: sections of each learner's file.
struct PictureOptions {
  training::data::Augmentation augment = training::data::no_augmentation();
  training::data::Options data;

  void fields(core::Fields& f);
};

class PictureTask {
 public:
  using Shape = std::array<int64_t, 3>;  // C, H, W

  // Loads the rows and registers them; the shape of the smallest picture. Error that says what is missing
  // unless they are pictures that `learner` can learn from.
  Shape load(training::Build& build, const PictureOptions& pictures, const TaskOptions& options,
             const std::string& learner, const PictureSizes& sizes = {});
  Task& task() { return task_; }
  // One update by the next batch, augmented.
  void learn(training::Step& step);
  void evaluate(training::Eval& eval) { task_.evaluate(eval); }
  void sample(core::Gallery& gallery) { task_.sample(gallery); }

 private:
  Task task_;
  training::data::Augmentation augment_;
  torch::Generator stream_;  // of the augmentation; undefined where there is none
};

}  // namespace supervised
