// Lipman et al. (2023), equations 20 to 23 with sigma_min = 0: x_t = (1 - t) noise + t data, whose velocity
// is data - noise.
#include "generative/diffusion/flow_matching.h"

#include "training/distributions.h"

namespace generative {

using torch::Generator;
using torch::Tensor;

void FlowMatching::ModelOptions::fields(core::Fields& f) {
  f.add("sample_steps", sample_steps,
        "Of a sample's way from noise to data, by the midpoint rule: two looks at the net each",
        {.min = 1, .max = 100000});
  model.fields(f);
}

void FlowMatching::Options::fields(core::Fields& f) {
  f.section("flow_matching", flow_matching, "The way from noise to data");
  f.section("net", net, "Layers for rows of numbers: hidden ...; for pictures a U-Net: channels ...");
  f.tagged("data", data.tagged(), "Pictures or rows; labels are used by flow_matching.condition alone");
}

void FlowMatching::build(training::Build& build) {
  model_.build(build, options_.flow_matching.model, options_.data, options_.net, "flow_matching");
}

DiffusionModel::Loss FlowMatching::loss() {
  return [this](const Tensor& x, const Tensor& classes, const Generator& noise) {
    auto one_each = std::vector<int64_t>(size_t(x.dim()), 1);
    one_each[0] = x.size(0);
    const Tensor t = training::uniform_noise(torch::empty(one_each, x.options()), noise);
    const Tensor start = training::normal_noise(x, noise);
    const Tensor said = model_.said((1 - t) * start + t * x, t.flatten(), classes);
    return (said - (x - start)).square().mean();
  };
}

DiffusionModel::Draw FlowMatching::draw() {
  return [this](const Tensor& start, const Tensor& classes, const Generator&) {
    const double h = 1 / double(options_.flow_matching.sample_steps);
    Tensor x = start;
    for (int64_t i = 0; i < options_.flow_matching.sample_steps; ++i) {
      const double t = double(i) * h;
      const Tensor half = x + h / 2 * model_.guided(x, t, classes);
      x = x + h * model_.guided(half, t + h / 2, classes);
    }
    return x;
  };
}

}  // namespace generative
