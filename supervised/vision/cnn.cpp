// LeCun, Bottou, Bengio & Haffner (1998), with batch norm (Ioffe & Szegedy 2015) and dropout (Srivastava
// 2014).
#include "supervised/vision/cnn.h"

namespace supervised {

void Cnn::Options::fields(core::Fields& f) {
  f.section("cnn", cnn, "The loss");
  f.section("net", net, "Convolutions, then fully connected layers");
  f.tagged("data", data.tagged(), "Pictures with classes or numbers to learn");
}

void Cnn::build(training::Build& build) {
  const torch::Tensor& rows = task_.load(build, options_.data, options_.cnn);
  check_pictures(rows, options_.data.name, "cnn");
  net_ = training::ConvStack("net", training::ConvStackImpl::Shape{rows.size(1), rows.size(2), rows.size(3)},
                             task_.outputs(), options_.net);
  task_.learns(build, *net_, [this](const torch::Tensor& inputs) { return answered(net_, inputs); });
}

void Cnn::step(training::Step& step) { task_.learn(step, task_.next(step)); }

void Cnn::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void Cnn::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
