#include "generative/flow/continuous_flow.h"

#include "core/error.h"
#include "generative/flow/ode.h"
#include "training/distributions.h"
#include "training/nets/init.h"

namespace generative {

using torch::Tensor;

void ContinuousOptions::fields(core::Fields& f) {
  f.add("steps", steps, "RK4's, while learning", {.min = 1, .max = 1000});
  f.add("tolerance", tolerance, "RK45's error in each step, while evaluating and sampling",
        {.min = 1e-12, .max = 0.1});
  f.choice(
      "trace", trace,
      "Of the velocity's slope, while learning: exact, or by one random direction (hutchinson), which costs "
      "the same for rows of many numbers",
      {"exact", "hutchinson"});
}

namespace {

// v(x, t), layers with tanh between, and how fast it changes along a direction.
struct VelocityImpl : torch::nn::Module {
  VelocityImpl(int64_t D, const training::MlpOptions& options) {
    int64_t width = D + 1;
    const auto add = [&](const std::string& name, int64_t next, double gain) {
      training::require_weights("velocity." + name, double(width) * double(next));
      layers.push_back(register_module(name, torch::nn::Linear(width, next)));
      training::initialise(layers.back()->weight, layers.back()->bias, options.init, gain);
      width = next;
    };
    const double gain = options.gain.value_or(options.init == "default" ? 1 : training::gain_of("tanh"));
    for (const int64_t next : options.hidden) add("hidden_" + std::to_string(layers.size() + 1), next, gain);
    add("output", D, options.out_gain);
  }

  // v [B, D] of x [B, D], and tr(d v / d x) by the sum over directions e [S, B or 1, D] of e (d v / d x) e:
  // [B].
  std::pair<Tensor, Tensor> operator()(const Tensor& x, double t, const Tensor& directions) {
    Tensor h = torch::cat({x, torch::full({x.size(0), 1}, t, x.options())}, 1);
    Tensor moving = at::linear(directions, layers[0]->weight.narrow(1, 0, x.size(1)));  // [S, B, H]
    h = layers[0]->forward(h);
    for (size_t i = 1; i < layers.size(); ++i) {
      h = h.tanh();
      moving = at::linear(moving * (1 - h.square()), layers[i]->weight);
      h = layers[i]->forward(h);
    }
    return {h, (moving * directions).sum(-1).sum(0).expand({x.size(0)})};
  }

  std::vector<torch::nn::Linear> layers;
};

struct Equation {
  std::shared_ptr<VelocityImpl> velocity;
  ContinuousOptions options;
  torch::Generator noise;

  Tensor directions(const Tensor& x, bool learning) const {
    const int64_t D = x.size(1);
    if (!learning || options.trace == "exact") return torch::eye(D, x.options()).unsqueeze(1);  // [D, 1, D]
    return training::uniform_noise(x, noise).sub(0.5).sign().unsqueeze(0);  // Rademacher's, [1, B, D]
  }
  FlowOutput carry(const Tensor& x, double from, double to) const {
    const bool learning = torch::GradMode::is_enabled();
    const Tensor along = directions(x, learning);
    const OdeSlope slope = [&](double t, const OdeState& y) {
      const auto [v, trace] = (*velocity)(y[0], t, along);
      return OdeState{v, trace};
    };
    const OdeState start{x, torch::zeros({x.size(0)}, x.options())};
    const OdeState end = learning ? rk4(slope, start, from, to, options.steps)
                                  : rk45(slope, start, from, to, options.tolerance);
    return {end[0], end[1]};
  }
};

}  // namespace

FlowMap continuous_flow(int64_t D, const ContinuousOptions& options, const training::MlpOptions& net,
                        const torch::Generator& noise) {
  core::check(net.activation == "tanh",
              "net.activation: a continuous flow needs the slope of its velocity; expected tanh, found {}",
              net.activation);
  const Equation equation{std::make_shared<VelocityImpl>(D, net), options, noise};
  return {[equation](const Tensor& x) { return equation.carry(x, 0, 1); },
          [equation](const Tensor& z) { return equation.carry(z, 1, 0); },
          {{"velocity", equation.velocity}}};
}

}  // namespace generative
