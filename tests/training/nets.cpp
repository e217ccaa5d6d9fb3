// MLP, convolution stack, initialisers, trace.
#include <array>
#include <cmath>

#include "core/error.h"
#include "core/value.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/nets/deconv_stack.h"
#include "training/nets/init.h"
#include "training/nets/mlp.h"
#include "training/trace.h"

using torch::Tensor;
using training::ConvStack;
using training::ConvStackOptions;
using training::DeconvStack;
using training::Mlp;
using training::MlpOptions;

TEST_CASE("An MLP is its matrices with the activation between", "[training]") {
  for (const auto& activation : training::activations()) {
    Mlp net("net", 3, 2, MlpOptions{.hidden = {5, 4}, .activation = activation});
    const auto p = net->named_parameters();
    const Tensor x = torch::randn({6, 3});
    Tensor h = x;
    for (const std::string layer : {"hidden_1", "hidden_2"})
      h = training::activate(torch::matmul(h, p[layer + ".weight"].t()) + p[layer + ".bias"], activation);
    const Tensor expected = torch::matmul(h, p["output.weight"].t()) + p["output.bias"];
    INFO(activation);
    CHECK(torch::allclose(net->forward(x), expected, 1e-5, 1e-6));
    CHECK(p.size() == 6);
  }
}

TEST_CASE("An MLP of rows in two parts is the MLP of both side by side", "[training]") {
  for (const std::vector<int64_t>& hidden : {std::vector<int64_t>{}, {6, 4}}) {
    Mlp net("net", 5, 2, MlpOptions{.hidden = hidden});
    net->to(torch::kFloat64);
    const Tensor x = torch::randn({7, 3}, torch::kFloat64), y = torch::randn({4, 7, 2}, torch::kFloat64);
    const Tensor both = torch::cat({x.expand({4, 7, 3}), y}, -1);
    CHECK(torch::allclose(net->forward(x, y), net->forward(both), 1e-9, 1e-12));
    CHECK(net->forward(x, y[0]).sizes() == torch::IntArrayRef({7, 2}));
  }
}

TEST_CASE("Gradients of an MLP are its finite differences", "[training]") {
  Mlp net("net", 3, 1, MlpOptions{.hidden = {4}, .activation = "tanh"});
  net->to(torch::kFloat64);
  const Tensor x = torch::randn({5, 3}, torch::kFloat64);
  const auto loss = [&] { return net->forward(x).square().sum(); };
  loss().backward();
  torch::NoGradGuard no_grad;
  for (const auto& parameter : net->named_parameters()) {
    Tensor flat = parameter.value().view(-1);
    const double analytic = parameter.value().grad().view(-1)[0].item<double>(), h = 1e-5;
    flat[0] += h;
    const double above = loss().item<double>();
    flat[0] -= 2 * h;
    const double below = loss().item<double>();
    flat[0] += h;
    INFO(parameter.key());
    CHECK(analytic == Approx((above - below) / (2 * h)).epsilon(1e-6).margin(1e-8));
  }
}

TEST_CASE("Indices enter an MLP as their one-hot rows, gradient included", "[training]") {
  Mlp net("net", 16, 3, MlpOptions{.hidden = {8}});
  const Tensor index = torch::tensor({3, 0, 15, 3});
  const Tensor hot = torch::one_hot(index, 16).to(torch::kFloat32);
  CHECK(torch::allclose(net->forward(index), net->forward(hot), 0, 1e-6));
  CHECK(torch::allclose(net->forward(index.to(torch::kInt32)), net->forward(hot), 0, 1e-6));
  const auto gradient = [&](const Tensor& x) {
    net->zero_grad();
    net->forward(x).square().sum().backward();
    return net->named_parameters()["hidden_1.weight"].grad().clone();
  };
  CHECK(torch::allclose(gradient(index), gradient(hot), 0, 1e-5));
}

TEST_CASE("Orthogonal weights are orthogonal, with their gain", "[training]") {
  Tensor weight = torch::empty({6, 4}), bias = torch::ones({6});
  training::initialise(weight, bias, "orthogonal", 2);
  CHECK(torch::allclose(torch::matmul(weight.t(), weight), 4 * torch::eye(4), 0, 1e-5));
  CHECK(bias.abs().max().item<double>() == 0);
}

TEST_CASE("Every initialiser has the deviation that its paper says", "[training]") {
  const auto deviation = [](const std::string& init, double gain) {
    torch::manual_seed(1);
    torch::nn::Linear layer(400, 200);
    training::initialise(layer->weight, layer->bias, init, gain);
    return layer->weight.std().item<double>();
  };
  CHECK(deviation("xavier", 1) == Approx(std::sqrt(2.0 / 600)).epsilon(0.02));
  CHECK(deviation("kaiming", std::sqrt(2.0)) == Approx(std::sqrt(2.0 / 400)).epsilon(0.02));
  CHECK(deviation("default", 1) == Approx(std::sqrt(1.0 / 1200)).epsilon(0.02));
  CHECK(deviation("default", 0.5) == Approx(0.5 * std::sqrt(1.0 / 1200)).epsilon(0.02));
}

TEST_CASE("A small output gain makes a policy begin even-handed", "[training]") {
  Mlp net("policy", 4, 2,
          MlpOptions{.hidden = {64}, .activation = "tanh", .init = "orthogonal", .out_gain = 0.01});
  CHECK(net->forward(torch::randn({100, 4})).abs().max().item<double>() < 0.1);
}

TEST_CASE("Dropout acts while learning and never in evaluation", "[training]") {
  Mlp net("net", 4, 2, MlpOptions{.hidden = {64}, .dropout = 0.5});
  const Tensor x = torch::randn({8, 4});
  CHECK_FALSE(torch::equal(net->forward(x), net->forward(x)));
  net->eval();
  CHECK(torch::equal(net->forward(x), net->forward(x)));
}

TEST_CASE("A convolution stack has the shapes and parameter names that its options say", "[training]") {
  ConvStack net("net", training::ConvStackImpl::Shape{1, 28, 28}, 10, ConvStackOptions{});
  CHECK(net->forward(torch::rand({4, 1, 28, 28})).sizes() == torch::IntArrayRef({4, 10}));
  const auto p = net->named_parameters();
  CHECK(p["conv_1.weight"].sizes() == torch::IntArrayRef({16, 1, 3, 3}));
  CHECK(p["norm_2.weight"].sizes() == torch::IntArrayRef({32}));
  CHECK(p["fc.hidden_1.weight"].sizes() == torch::IntArrayRef({128, 32 * 7 * 7}));
  ConvStack plain(
      "net", training::ConvStackImpl::Shape{3, 9, 7}, 2,
      ConvStackOptions{.channels = {4}, .kernel = 2, .stride = 2, .pool = 1, .batch_norm = false});
  CHECK(plain->forward(torch::rand({1, 3, 9, 7})).sizes() == torch::IntArrayRef({1, 2}));
}

TEST_CASE("A deconvolution stack is the mirror image of the convolution stack with its options",
          "[training]") {
  const ConvStackOptions options{
      .channels = {4, 8}, .kernel = 4, .stride = 2, .pool = 1, .fc = {.hidden = {16, 12}}};
  DeconvStack net("decoder", 5, training::ConvStackImpl::Shape{3, 28, 20}, options);
  CHECK(net->forward(torch::rand({2, 5})).sizes() == torch::IntArrayRef({2, 3, 28, 20}));
  const auto p = net->named_parameters();
  CHECK(p["fc.hidden_1.weight"].sizes() == torch::IntArrayRef({12, 5}));
  CHECK(p["fc.output.weight"].sizes() == torch::IntArrayRef({8 * 7 * 5, 16}));
  CHECK(p["deconv_1.weight"].sizes() == torch::IntArrayRef({8, 4, 4, 4}));
  CHECK(p["deconv_2.weight"].sizes() == torch::IntArrayRef({4, 3, 4, 4}));
  CHECK(p.contains("deconv_2.bias"));
  CHECK_FALSE(p.contains("deconv_1.bias"));  // the norm behind it has a shift
}

TEST_CASE("A deconvolution stack enlarges by stride times pool, whatever the kernel", "[training]") {
  const auto made = [](int64_t kernel, int64_t stride, int64_t pool) {
    const ConvStackOptions options{.channels = {2}, .kernel = kernel, .stride = stride, .pool = pool};
    DeconvStack net("decoder", 5, training::ConvStackImpl::Shape{1, 12, 24}, options);
    CHECK(net->named_parameters()["fc.output.weight"].size(0) ==
          2 * 12 * 24 / (stride * stride * pool * pool));
    return net->forward(torch::rand({2, 5})).sizes() == torch::IntArrayRef({2, 1, 12, 24});
  };
  for (const auto& [kernel, stride, pool] : std::vector<std::array<int64_t, 3>>{
           {3, 1, 2}, {3, 1, 1}, {4, 2, 1}, {5, 2, 1}, {2, 2, 1}, {5, 1, 3}, {6, 2, 2}}) {
    INFO(kernel << ' ' << stride << ' ' << pool);
    CHECK(made(kernel, stride, pool));
  }
  CHECK(refusal([&] { made(3, 2, 2); }).find("net.kernel: 3 pixels leave holes") != std::string::npos);
  CHECK(refusal([&] { made(5, 5, 1); }).find("cannot be divided by 5") != std::string::npos);
}

TEST_CASE("Without channels both stacks are their fully connected layers", "[training]") {
  const ConvStackOptions options{.channels = {}, .fc = {.hidden = {6, 4}}};
  torch::manual_seed(1);
  DeconvStack decoder("decoder", 3, training::ConvStackImpl::Shape{2, 5, 1}, options);
  torch::manual_seed(1);
  Mlp mirrored("decoder", 3, 10, MlpOptions{.hidden = {4, 6}});
  const Tensor z = torch::randn({7, 3});
  CHECK(torch::equal(decoder->forward(z), mirrored->forward(z).view({7, 2, 5, 1})));
  torch::manual_seed(1);
  ConvStack encoder("encoder", training::ConvStackImpl::Shape{2, 5, 1}, 3, options);
  torch::manual_seed(1);
  Mlp plain("encoder", 10, 3, options.fc);
  const Tensor x = torch::randn({7, 2, 5, 1});
  CHECK(torch::equal(encoder->forward(x), plain->forward(x.flatten(1))));
}

TEST_CASE("Pictures too small for so many poolings are refused", "[training]") {
  CHECK_THROWS_AS(
      ConvStack("net", training::ConvStackImpl::Shape{1, 4, 4}, 2, ConvStackOptions{.channels = {2, 2, 2}}),
      core::Error);
}

TEST_CASE("The trace names the first layer whose output is not finite", "[training]") {
  training::clear_trace();
  Mlp net("policy", 2, 1, MlpOptions{.hidden = {3, 3}});
  net->forward(torch::ones({1, 2}));
  CHECK(training::first_non_finite().empty());
  {
    torch::NoGradGuard no_grad;
    net->named_parameters()["hidden_2.weight"].fill_(std::nan(""));
    net->forward(torch::ones({1, 2}));
    CHECK(training::first_non_finite().empty());  // nobody learns from this pass: it is not noted
  }
  net->forward(torch::ones({1, 2}));
  CHECK(training::first_non_finite() == "policy.hidden_2 [1, 3] has a NaN");
  training::clear_trace();
  CHECK(training::first_non_finite().empty());
  CHECK(training::non_finite(torch::tensor({1.0F, INFINITY})) == "an Inf");
}

TEST_CASE("Net options say what is wrong, where", "[training]") {
  MlpOptions options;
  core::read_options(options, core::parse_yaml("hidden: [32, 16]\nactivation: tanh\ngain: 2\n", "net.yaml"),
                     "net");
  CHECK(options.hidden == std::vector<int64_t>{32, 16});
  CHECK(options.gain == 2);
  const auto refuses = [&](const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(refusal([&] {
            core::read_options(options, core::parse_yaml(text, "net.yaml"), "net");
          }).find(part) != std::string::npos);
  };
  refuses("activation: rely\n", "did you mean 'relu'");
  refuses("hidden: [0]\n", "net.hidden");
  refuses("dropout: 1\n", "net.dropout");
}
