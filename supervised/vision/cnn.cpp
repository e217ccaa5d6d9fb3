// LeCun, Bottou, Bengio & Haffner (1998), with batch norm (Ioffe & Szegedy 2015) and dropout (Srivastava
// 2014).
#include "supervised/vision/cnn.h"

namespace supervised {

void Cnn::Options::fields(core::Fields& f) {
  f.section("cnn", cnn, "The loss, and who computes it");
  f.section("net", net, "Convolutions, then fully connected layers");
  f.tagged("data", data.tagged(), "Pictures with classes or numbers to learn");
}

// The same layers for our own autograd; ConvStack pads so that an odd kernel keeps the picture's size.
static scratch::Cnn own_shape(const training::ConvStackOptions& net) {
  const int64_t padding = std::max<int64_t>(0, (net.kernel - net.stride + 1) / 2);
  return {.convolutions = std::ssize(net.channels),
          .stride = net.stride,
          .padding = padding,
          .pool = net.pool,
          .batch_norm = net.batch_norm,
          .fc = {std::ssize(net.fc.hidden), net.fc.activation, "fc.", net.fc.dropout}};
}

void Cnn::build(training::Build& build) {
  const torch::Tensor& rows = task_.load(build, options_.data, options_.cnn);
  check_pictures(rows, options_.data.name, "cnn");
  const BackendOptions& backend = options_.cnn.backend;
  net_ = training::ConvStack("net", training::ConvStackImpl::Shape{rows.size(1), rows.size(2), rows.size(3)},
                             task_.outputs(), options_.net);
  take_precision(*net_, backend);
  task_.learns(
      build, *net_,
      [this](const torch::Tensor& inputs) { return answered(net_, inputs.to(options_.cnn.backend.dtype())); },
      own_cnn(build, backend, {{"", net_.get()}}, own_shape(options_.net)));
}

void Cnn::step(training::Step& step) { task_.learn(step, task_.next(step)); }

void Cnn::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void Cnn::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
