#include "supervised/vision/picture_task.h"

#include "core/error.h"

namespace supervised {

void PictureOptions::fields(core::Fields& f) {
  f.section("augment", augment, "What is done to training pictures at every sight");
  f.tagged("data", data.tagged(), "Pictures with classes or numbers to learn");
}

PictureTask::Shape PictureTask::load(training::Build& build, const PictureOptions& pictures,
                                     const TaskOptions& options, const std::string& learner,
                                     const PictureSizes& sizes) {
  const auto& [augment, data] = pictures;
  const torch::Tensor& rows = task_.load(build, data, options);
  check_pictures(rows, data.name, learner);
  core::check(
      !task_.of_numbers() || !augment.moves(),
      "augment: pictures would be moved and the numbers of '{}' would not; expected padding: 0, flip: false "
      "and rotate: 0",
      data.name);
  const bool several = task_.rows().find(training::column::sides) != nullptr;
  core::check(!several || sizes.any, "data.resolutions: {}; data.resize brings all to one size",
              sizes.why_not);
  if (several) task_.at_own_sizes();
  augment_ = augment;
  if (augment_.active()) stream_ = build.stream("augment");
  const auto [height, width] = training::data::smallest_size(task_.rows());
  return {rows.size(1), height, width};
}

void PictureTask::learn(training::Step& step) {
  const training::Batch batch = task_.next(step);
  task_.learn(step, augment_.active() ? augment_.apply(batch, stream_) : batch);
}

}  // namespace supervised
