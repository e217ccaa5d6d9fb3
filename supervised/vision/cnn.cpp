// LeCun, Bottou, Bengio & Haffner (1998), with batch norm (Ioffe & Szegedy 2015) and dropout (Srivastava
// 2014).
#include "supervised/vision/cnn.h"

#include "core/error.h"

namespace supervised {

void Cnn::Options::fields(core::Fields& f) {
  f.section("cnn", cnn, "The loss, and who computes it");
  f.list_section(
      "net",
      [this](core::Fields& inner) {
        net.fields(inner);
        net.blocks.fields(inner);
      },
      "Convolutions, then fully connected layers");
  pictures.fields(f);
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
  const BackendOptions& backend = options_.cnn.backend;
  const training::ConvBlockOptions& blocks = options_.net.blocks;
  core::check(
      !backend.own() || blocks.is_plain(),
      "cnn.backend: {} has one convolution before each max-pooling; expected net.per_block: 1, padding: [], "
      "pooling: max and global_pool: none",
      backend.backend);
  const PictureSizes sizes{blocks.any_size(),
                           "the fully connected layers of cnn need one size without "
                           "net.global_pool"};
  const PictureTask::Shape shape = task_.load(build, options_.pictures, options_.cnn, "cnn", sizes);
  net_ = training::ConvStack("net", shape, task_.task().outputs(), options_.net);
  take_precision(*net_, backend);
  task_.task().learns(
      build, *net_,
      [this](const torch::Tensor& inputs) { return answered(net_, inputs.to(options_.cnn.backend.dtype())); },
      own_cnn(build, backend, {{"", net_.get()}}, own_shape(options_.net)));
}

}  // namespace supervised
