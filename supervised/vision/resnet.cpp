// He, Zhang, Ren & Sun (2015), Deep residual learning, section 4.2, with the pre-activation blocks of (2016).
#include "supervised/vision/resnet.h"

#include "core/error.h"

namespace supervised {

void Resnet::Options::fields(core::Fields& f) {
  f.section("resnet", resnet, "The loss");
  f.section("net", net, "A convolution, stages of residual blocks, a linear layer");
  pictures.fields(f);
}

void Resnet::build(training::Build& build) {
  const auto [channels, height, width] = task_.load(build, options_.pictures, options_.resnet, "resnet");
  const int64_t halved = int64_t{1} << (options_.net.stages - 1);
  core::check(height >= halved && width >= halved,
              "net.stages: pictures of {} x {} pixels vanish in {} stages; expected {} pixels a side", height,
              width, options_.net.stages, halved);
  net_ = training::ResidualNet("net", channels, task_.task().outputs(), options_.net);
  task_.task().learns(build, *net_, [this](const torch::Tensor& inputs) { return answered(net_, inputs); });
}

}  // namespace supervised
