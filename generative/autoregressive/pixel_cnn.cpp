#include "generative/autoregressive/pixel_cnn.h"

#include <fmt/ranges.h>

#include "core/error.h"
#include "core/memory.h"

namespace generative {

using torch::Tensor;

void PixelCnn::ModelOptions::fields(core::Fields& f) {
  f.add("gated", gated,
        "Two stacks of gated layers, from which no pixel above is hidden; else masked kernels");
  rows.fields(f);
}

void PixelCnn::Options::fields(core::Fields& f) {
  f.section("pixel_cnn", pixel_cnn, "Which net, and what it is shown");
  f.section("net", net, "Its layers");
  f.tagged("data", data.tagged(), "Pictures of one channel; labels are not used");
}

static void check_odd(const char* key, int64_t kernel) {
  core::check(kernel % 2 == 1, "net.{}: expected an odd number, found {}", key, kernel);
}

// Of each layer some six tensors of a batch stay for the way back.
static void foresee_layers(const PixelCnnOptions& net, double pixels) {
  const double numbers = 6 * double(net.channels) * double(net.layers + 1) * pixels;
  core::foresee_memory(sizeof(float) * numbers, fmt::format("net: what {} layers of {} channels put out",
                                                            net.layers + 1, net.channels));
}

template <class Net>
PixelNet PixelCnn::net_of(Net& net, int64_t height, int64_t width) {
  net = Net(height, width, options_.net);
  return {net.get(), [&net](const Tensor& x) { return net->forward(x); },
          [&net](Tensor x, int64_t first, const DrawNumber& draw) { net->go_on(std::move(x), first, draw); }};
}

void PixelCnn::build(training::Build& build) {
  check_odd("first_kernel", options_.net.first_kernel);
  check_odd("kernel", options_.net.kernel);
  rows_.load(build, options_.pixel_cnn.rows, options_.data, "pixel_cnn");
  const auto& shape = rows_.shape();
  core::check(shape.size() == 3 && shape[0] == 1,
              "data: '{}' has rows of shape [{}]; pixel_cnn needs pictures of one channel",
              options_.data.name, fmt::join(shape, ", "));
  constexpr int64_t rows_at_once = 200;
  foresee_layers(options_.net, double(rows_at_once) * double(rows_.width()));
  rows_.register_net(
      build,
      options_.pixel_cnn.gated ? net_of(gated_, shape[1], shape[2]) : net_of(plain_, shape[1], shape[2]),
      rows_at_once);
}

}  // namespace generative
