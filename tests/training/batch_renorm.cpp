// Batch renormalisation against what is computed by hand, and nets of such layers.
#include "training/nets/batch_renorm.h"

#include "tests/catch.h"
#include "training/nets/normalized_mlp.h"

using namespace training;

namespace tests::batch_renorm {

namespace {

constexpr BatchRenormOptions at_once{.momentum = 0.25, .eps = 0.01, .warmup = 0, .r_max = 2, .d_max = 1.5};

// Mean, deviation (with eps) and variance of column f, in plain loops.
struct Column {
  double mean = 0, variance = 0, deviation = 0;
};

Column column(const torch::Tensor& x, int64_t f, double eps) {
  const auto B = double(x.size(0));
  Column c;
  for (int64_t b = 0; b < x.size(0); ++b) c.mean += x[b][f].item<double>() / B;
  for (int64_t b = 0; b < x.size(0); ++b) c.variance += std::pow(x[b][f].item<double>() - c.mean, 2) / B;
  c.deviation = std::sqrt(c.variance + eps);
  return c;
}

torch::Tensor tensor(BatchRenorm& norm, const std::string& name) {
  const auto parameters = norm->named_parameters(), buffers = norm->named_buffers();
  return parameters.contains(name) ? parameters[name] : buffers[name];
}

// A layer whose every number is drawn.
BatchRenorm drawn(const BatchRenormOptions& options) {
  BatchRenorm norm(3, options);
  const torch::NoGradGuard no_grad;
  for (const std::string name : {"scale", "shift", "mean"}) tensor(norm, name).normal_();
  tensor(norm, "variance").uniform_(0.5, 2);
  return norm;
}

}  // namespace

TEST_CASE("while it warms up a batch is normalised by its own statistics, which the running ones follow",
          "[training][nets]") {
  torch::manual_seed(1);
  BatchRenormOptions options = at_once;
  options.warmup = 1;
  BatchRenorm norm = drawn(options);
  const torch::Tensor x = 3 * torch::randn({7, 3}) + 1, mean = tensor(norm, "mean").clone(),
                      variance = tensor(norm, "variance").clone(), y = norm->forward(x, Statistics::batch);
  for (int64_t f = 0; f < 3; ++f) {
    const Column c = column(x, f, options.eps);
    for (int64_t b = 0; b < 7; ++b)
      CHECK(y[b][f].item<double>() ==
            Approx((x[b][f].item<double>() - c.mean) / c.deviation * tensor(norm, "scale")[f].item<double>() +
                   tensor(norm, "shift")[f].item<double>())
                .margin(1e-5));
    CHECK(tensor(norm, "mean")[f].item<double>() ==
          Approx(0.75 * mean[f].item<double>() + 0.25 * c.mean).margin(1e-6));
    CHECK(tensor(norm, "variance")[f].item<double>() ==
          Approx(0.75 * variance[f].item<double>() + 0.25 * c.variance).epsilon(1e-5));
  }
  CHECK(tensor(norm, "batches").item<int64_t>() == 1);
}

TEST_CASE("after that r and d are those of the paper, within their bounds, and constants to the slope",
          "[training][nets]") {
  torch::manual_seed(2);
  BatchRenorm norm = drawn(at_once);
  {
    const torch::NoGradGuard no_grad;
    tensor(norm, "variance")[1] = 100.0;  // r stops at 1 / 2
    tensor(norm, "mean")[2] = -30.0;      // d stops at 1.5
  }
  const torch::Tensor x = torch::randn({7, 3}).requires_grad_(), weight = torch::randn({7, 3}),
                      mean = tensor(norm, "mean").clone(), variance = tensor(norm, "variance").clone();
  const torch::Tensor y = norm->forward(x, Statistics::batch);
  (y * weight).sum().backward();
  std::vector<double> r(3), d(3);
  for (int64_t f = 0; f < 3; ++f) {
    const Column c = column(x.detach(), f, at_once.eps);
    const double running = std::sqrt(variance[f].item<double>() + at_once.eps);
    r[f] = std::clamp(c.deviation / running, 0.5, 2.0);
    d[f] = std::clamp((c.mean - mean[f].item<double>()) / running, -1.5, 1.5);
    for (int64_t b = 0; b < 7; ++b)
      CHECK(y[b][f].item<double>() == Approx(((x[b][f].item<double>() - c.mean) / c.deviation * r[f] + d[f]) *
                                                 tensor(norm, "scale")[f].item<double>() +
                                             tensor(norm, "shift")[f].item<double>())
                                          .margin(1e-4));
  }
  CHECK(r[1] == 0.5);
  CHECK(d[2] == 1.5);
  const torch::Tensor twin = x.detach().to(torch::kFloat64).requires_grad_(), centred = twin - twin.mean(0);
  const torch::Tensor z = centred / (centred.square().mean(0) + at_once.eps).sqrt();
  const torch::Tensor scale = tensor(norm, "scale").detach() * torch::tensor(r);
  (z * scale * weight).sum().backward();
  CHECK(torch::allclose(x.grad().to(torch::kFloat64), twin.grad(), 1e-4, 1e-5));
}

TEST_CASE("running statistics answer for themselves, and in eval mode they alone", "[training][nets]") {
  torch::manual_seed(3);
  BatchRenorm norm = drawn(at_once);
  const torch::Tensor x = torch::randn({4, 3}), mean = tensor(norm, "mean").clone();
  const torch::Tensor y = norm->forward(x, Statistics::running),
                      expected = (x - mean) / (tensor(norm, "variance") + at_once.eps).sqrt() *
                                     tensor(norm, "scale") +
                                 tensor(norm, "shift");
  CHECK(torch::allclose(y, expected, 1e-6, 1e-6));
  CHECK_FALSE(torch::allclose(y, norm->forward(x, Statistics::batch), 1e-3, 1e-3));
  CHECK_FALSE(torch::equal(tensor(norm, "mean"), mean));
  norm->eval();
  const torch::Tensor held = tensor(norm, "mean").clone();
  CHECK(torch::equal(norm->forward(x, Statistics::batch), norm->forward(x, Statistics::running)));
  CHECK(torch::equal(tensor(norm, "mean"), held));
  CHECK(tensor(norm, "batches").item<int64_t>() == 1);
}

TEST_CASE("a normalised net has such a layer before each of its matrices", "[training][nets]") {
  torch::manual_seed(4);
  NormalizedMlp net("net", 3, 2, MlpOptions{.hidden = {5}, .activation = "tanh"}, at_once);
  const torch::Tensor x = torch::randn({6, 3});
  net->forward(x, Statistics::batch);  // so that the running statistics are some
  const auto p = net->named_parameters(), s = net->named_buffers();
  CHECK(p.size() == 8);
  CHECK(s.size() == 6);
  const auto norm = [&](const std::string& name, const torch::Tensor& h) {
    return (h - s[name + ".mean"]) / (s[name + ".variance"] + at_once.eps).sqrt() * p[name + ".scale"] +
           p[name + ".shift"];
  };
  const torch::Tensor h =
      torch::tanh(torch::linear(norm("norm_1", x), p["hidden_1.weight"], p["hidden_1.bias"]));
  const torch::Tensor expected = torch::linear(norm("norm_output", h), p["output.weight"], p["output.bias"]);
  CHECK(torch::allclose(net->forward(x, Statistics::running), expected, 1e-5, 1e-6));
  const torch::Tensor answer = net->answer(x);
  CHECK(torch::allclose(answer, expected, 1e-5, 1e-6));
  for (int64_t i = 0; i < 6; ++i) CHECK(torch::equal(net->answer(x.narrow(0, i, 1))[0], answer[i]));
  const torch::Tensor index = torch::tensor({2, 0});
  CHECK(torch::equal(net->forward(index, Statistics::running),
                     net->forward(torch::one_hot(index, 3).to(torch::kFloat32), Statistics::running)));
}

}  // namespace tests::batch_renorm
