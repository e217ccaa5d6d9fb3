// Solvers of differential equations beside solutions in closed form, and the trace beside its Jacobian.
#include "generative/flow/ode.h"

#include <cmath>

#include "generative/flow/continuous_flow.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/compat.h"

using torch::Tensor;

// y' = cos(t) y, so that y = y0 exp(sin t).
static generative::OdeState swing(double t, const generative::OdeState& y) { return {std::cos(t) * y[0]}; }

TEST_CASE("RK4's error falls with the fourth power of its step", "[generative][ode]") {
  const Tensor start = torch::ones({1}, torch::kFloat64);
  const auto error = [&](int64_t steps) {
    return std::abs(generative::rk4(swing, {start}, 0, 2, steps)[0].item<double>() - std::exp(std::sin(2)));
  };
  for (const int64_t steps : {8, 16, 32}) {
    INFO(steps);
    CHECK(std::log2(error(steps) / error(2 * steps)) == Approx(4).margin(0.3));
  }
}

TEST_CASE("RK45 keeps to its tolerance both ways, with steps that follow it", "[generative][ode]") {
  const Tensor start = torch::tensor({1.0, -3.0}, torch::kFloat64);
  int64_t few = 0;
  for (const double tolerance : {1e-3, 1e-6, 1e-9}) {
    INFO(tolerance);
    int64_t slopes = 0;
    const auto counted = [&](double t, const generative::OdeState& y) {
      ++slopes;
      return swing(t, y);
    };
    const Tensor end = generative::rk45(counted, {start}, 0, 2, tolerance)[0];
    CHECK((end - start * std::exp(std::sin(2))).abs().max().item<double>() < 20 * tolerance);
    const Tensor back = generative::rk45(swing, {end}, 2, 0, tolerance)[0];
    CHECK((back - start).abs().max().item<double>() < 40 * tolerance);
    CHECK(slopes > few);
    few = slopes;
  }
}

static generative::FlowMap carried(const std::string& trace, const torch::Generator& noise) {
  torch::manual_seed(4);
  const generative::ContinuousOptions options{.steps = 16, .tolerance = 1e-9, .trace = trace};
  auto map = generative::continuous_flow(3, options, {.hidden = {12, 12}, .activation = "tanh"}, noise);
  map.modules[0].second->to(torch::kFloat64);
  return map;
}

TEST_CASE("Hutchinson's trace is the exact one on average", "[generative][ode]") {
  const Tensor x = torch::randn({1, 3}, torch::kFloat64);
  const auto noise = training::make_generator(2);
  const Tensor exact = carried("exact", noise).to_latent(x).log_det;
  const Tensor estimates = carried("hutchinson", noise).to_latent(x.expand({4000, 3})).log_det;
  const double error = estimates.std().item<double>() / std::sqrt(4000.0);
  CHECK(error > 1e-5);
  CHECK(estimates.mean().item<double>() == Approx(exact.item<double>()).margin(4 * error));
}

TEST_CASE("What RK4 learns from and RK45 evaluates by agree, and the latter goes back exactly",
          "[generative][ode]") {
  const auto map = carried("exact", training::make_generator(2));
  const Tensor x = 2 * torch::randn({50, 3}, torch::kFloat64);
  const auto learnt = map.to_latent(x);
  const torch::NoGradGuard no_grad;
  const auto [z, log_det] = map.to_latent(x);
  CHECK((learnt.y - z).abs().max().item<double>() < 1e-5);
  CHECK((learnt.log_det - log_det).abs().max().item<double>() < 1e-5);
  const auto [back, stretch] = map.from_latent(z);
  CHECK((back - x).abs().max().item<double>() < 1e-6);
  CHECK((stretch + log_det).abs().max().item<double>() < 1e-6);
}

TEST_CASE("A continuous flow refuses a velocity without a smooth slope", "[generative][ode]") {
  CHECK(refusal([] {
          generative::continuous_flow(2, {}, {.activation = "relu"}, training::make_generator(0));
        }).find("expected tanh, found relu") != std::string::npos);
}
