// Huang, Liu, van der Maaten & Weinberger (2017), Densely connected convolutional networks.
#include "supervised/vision/densenet.h"

#include "core/error.h"

namespace supervised {

void Densenet::Options::fields(core::Fields& f) {
  f.section("densenet", densenet, "The loss");
  f.section("net", net,
            "A convolution, three blocks of dense layers with transitions between, a linear layer");
  pictures.fields(f);
}

void Densenet::build(training::Build& build) {
  const auto [channels, height, width] = task_.load(build, options_.pictures, options_.densenet, "densenet");
  core::check(height >= 4 && width >= 4,
              "net: pictures of {} x {} pixels vanish in two transitions; expected 4 pixels a side", height,
              width);
  net_ = training::DenseNet("net", channels, task_.task().outputs(), options_.net);
  task_.task().learns(build, *net_, [this](const torch::Tensor& inputs) { return answered(net_, inputs); });
}

}  // namespace supervised
