#include "generative/autoregressive/made.h"

#include <numeric>

namespace generative {

using torch::Tensor;

void Made::Options::fields(core::Fields& f) {
  f.section("made", made, "What the net is shown");
  f.section("net", net, "Layers, whose weights are masked");
  f.tagged("data", data.tagged(), "Pictures, or rows of numbers in 0 .. 1; labels are not used");
}

void Made::build(training::Build& build) {
  rows_.load(build, options_.made, options_.data, "made");
  std::vector<int64_t> sees(static_cast<size_t>(rows_.width()));
  std::iota(sees.begin(), sees.end(), 0);
  net_ = MaskedMlp("net", rows_.width(), sees, options_.net);
  rows_.register_net(
      build,
      {net_.get(), [this](const Tensor& x) { return net_->forward(x); },
       [this](Tensor x, int64_t first, const DrawNumber& draw) { net_->go_on(std::move(x), first, draw); }},
      1000);
}

}  // namespace generative
