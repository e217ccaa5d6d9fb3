// He, Zhang, Ren & Sun (2015), Deep residual learning, section 4.2, with the pre-activation blocks of (2016).
#include "supervised/vision/resnet.h"

namespace supervised {

void Resnet::Options::fields(core::Fields& f) {
  f.section("resnet", resnet, "The loss");
  f.section("net", net, "A convolution, three stages of residual blocks, a linear layer");
  f.section("augment", augment, "What is done to training pictures at every sight");
  f.tagged("data", data.tagged(), "Pictures with classes or numbers to learn");
}

void Resnet::build(training::Build& build) {
  const torch::Tensor& rows = task_.load(build, options_.data, options_.resnet);
  check_pictures(rows, options_.data.name, "resnet");
  core::check(
      !task_.of_numbers() || !options_.augment.moves(),
      "augment: pictures would be moved and the numbers of '{}' would not; expected padding: 0 and flip: "
      "false",
      options_.data.name);
  stream_ = build.stream("augment");
  net_ = training::ResidualNet("net", rows.size(1), task_.outputs(), options_.net);
  task_.learns(build, *net_, [this](const torch::Tensor& inputs) { return answered(net_, inputs); });
}

void Resnet::step(training::Step& step) {
  task_.learn(step, options_.augment.apply(task_.next(step), stream_));
}

void Resnet::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void Resnet::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
