// He, Zhang, Ren & Sun (2015), Deep residual learning, section 4.2, with the pre-activation blocks of (2016).
#include "supervised/vision/resnet.h"

namespace supervised {

void Resnet::Options::fields(core::Fields& f) {
  f.section("resnet", resnet, "The loss");
  f.section("net", net, "A convolution, three stages of residual blocks, a linear layer");
  f.section("augment", augment, "What is done to training pictures at every sight");
  f.chosen("data", data.chosen(), "Pictures with labels");
}

void Resnet::build(training::Build& build) {
  const torch::Tensor& rows = task_.load(build, options_.data);
  check_pictures(rows, options_.data.name, "resnet");
  stream_ = build.stream("augment");
  net_ = training::ResidualNet("net", rows.size(1), task_.classes(), options_.net);
  task_.learns(build, *net_, [this](const torch::Tensor& inputs) { return classified(net_, inputs); });
}

void Resnet::step(training::Step& step) {
  task_.learn(step, options_.augment.apply(task_.next(step), stream_), options_.resnet);
}

void Resnet::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void Resnet::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
