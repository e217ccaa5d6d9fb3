// LeNet, VGG and nets for any size as convolution stacks; dense nets; vision transformers.
#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/nets/conv_stack.h"
#include "training/nets/dense_net.h"
#include "training/nets/vision_transformer.h"

using torch::Tensor;
using training::ConvStack;
using training::ConvStackOptions;
using training::DenseNet;
using training::DenseNetOptions;
using training::VisionTransformer;
using training::VisionTransformerOptions;
using SizeOfOne = training::ConvStackImpl::Shape;

namespace {

int64_t weights_in(const torch::nn::Module& net) {
  int64_t all = 0;
  for (const auto& p : net.parameters()) all += p.numel();
  return all;
}

const ConvStackOptions lenet{.channels = {6, 16},
                             .kernel = 5,
                             .batch_norm = false,
                             .fc = {.hidden = {120, 84}, .activation = "tanh"},
                             .blocks = {.padding = {2, 0}, .pooling = "mean"}};

}  // namespace

// 156 + 2,416 + 48,120 + 10,164 + 850: LeCun et al. (1998) with every feature map joined to every other.
TEST_CASE("LeNet-5 is a stack with its margins: 61,706 parameters", "[training][nets]") {
  ConvStack net("net", SizeOfOne{1, 28, 28}, 10, lenet);
  CHECK(weights_in(*net) == 61706);
  CHECK(net->named_parameters()["fc.hidden_1.weight"].size(1) == 16 * 5 * 5);
  CHECK(net->forward(torch::rand({2, 1, 28, 28})).sizes() == torch::IntArrayRef({2, 10}));
}

TEST_CASE("A block has its convolutions before one pooling", "[training][nets]") {
  const ConvStackOptions vgg{.channels = {4, 8}, .fc = {.hidden = {}}, .blocks = {.per_block = 2}};
  ConvStack net("net", SizeOfOne{3, 12, 12}, 2, vgg);
  const auto p = net->named_parameters();
  CHECK(p["conv_1.weight"].sizes() == torch::IntArrayRef({4, 3, 3, 3}));
  CHECK(p["conv_2.weight"].sizes() == torch::IntArrayRef({4, 4, 3, 3}));
  CHECK(p["conv_3.weight"].sizes() == torch::IntArrayRef({8, 4, 3, 3}));
  CHECK(p["norm_4.weight"].sizes() == torch::IntArrayRef({8}));
  CHECK(p["fc.output.weight"].size(1) == 8 * 3 * 3);
  CHECK(net->forward(torch::rand({2, 3, 12, 12})).sizes() == torch::IntArrayRef({2, 2}));
}

TEST_CASE("Pooling takes the largest of a window or its mean", "[training][nets]") {
  const auto pooled = [](const std::string& pooling) {
    ConvStack net("net", SizeOfOne{1, 4, 4}, 1,
                  ConvStackOptions{.channels = {1},
                                   .kernel = 1,
                                   .batch_norm = false,
                                   .fc = {.hidden = {}, .activation = "identity"},
                                   .blocks = {.pooling = pooling}});
    const torch::NoGradGuard no_grad;
    net->named_parameters()["conv_1.weight"].fill_(1);
    net->named_parameters()["conv_1.bias"].fill_(0);
    return net->features(torch::arange(16, torch::kFloat32).view({1, 1, 4, 4}));
  };
  CHECK(torch::equal(pooled("max"), torch::tensor({{5.0F, 7.0F, 13.0F, 15.0F}})));
  CHECK(torch::equal(pooled("mean"), torch::tensor({{2.5F, 4.5F, 10.5F, 12.5F}})));
}

TEST_CASE("A global pool gives one output at any size, whatever the order of the pixels",
          "[training][nets]") {
  for (const std::string pool : {"max", "mean"}) {
    ConvStackOptions options{.channels = {5, 6}, .fc = {.hidden = {}}, .blocks = {.global_pool = pool}};
    ConvStack net("net", SizeOfOne{1, 8, 8}, 3, options);
    for (const auto& [height, width] : {std::pair<int64_t, int64_t>{8, 8}, {9, 31}, {64, 48}}) {
      const Tensor x = torch::rand({4, 1, height, width});
      CHECK(net->forward(x).sizes() == torch::IntArrayRef({4, 3}));
      CHECK(net->features(x).sizes() == torch::IntArrayRef({4, 6}));
    }
    options.kernel = options.pool = 1;
    ConvStack by_pixel("net", SizeOfOne{1, 8, 8}, 3, options);
    by_pixel->eval();
    const Tensor x = torch::rand({4, 1, 8, 8}), order = torch::randperm(64);
    const Tensor mixed = x.flatten(2).index_select(2, order).view({4, 1, 8, 8});
    CHECK(torch::allclose(by_pixel->forward(x), by_pixel->forward(mixed), 1e-4, 1e-6));
    CHECK(torch::allclose(by_pixel->forward(x), by_pixel->forward(x.repeat({1, 1, 2, 3})), 1e-4, 1e-6));
  }
}

TEST_CASE("A stack says which convolution its pictures vanish in, and which paddings it lacks",
          "[training][nets]") {
  const auto says = [](const ConvStackOptions& options, int64_t side) {
    return refusal([&] { ConvStack net("net", SizeOfOne{1, side, side}, 2, options); });
  };
  CHECK(says(lenet, 6).find("net.channels: pictures of 6 x 6 pixels vanish in convolution 2 of 2") !=
        std::string::npos);
  CHECK(says({.channels = {2, 2}, .blocks = {.per_block = 3, .global_pool = "max"}}, 3)
            .find("vanish in convolution 6 of 6") != std::string::npos);
  CHECK(says({.channels = {2, 2, 2}, .blocks = {.padding = {1, 1}}}, 16)
            .find("net.padding: expected a number for each of 3 blocks, one for all or [], found 2") !=
        std::string::npos);
}

TEST_CASE("A dense layer hands on what it was given and adds its growth", "[training][nets]") {
  for (const bool bottleneck : {false, true}) {
    training::DenseLayer layer(5, DenseNetOptions{.growth = 3, .bottleneck = bottleneck});
    const Tensor x = torch::randn({2, 5, 6, 6}), y = layer->forward(x);
    CHECK(y.sizes() == torch::IntArrayRef({2, 8, 6, 6}));
    CHECK(torch::equal(y.narrow(1, 0, 5), x));
    CHECK(weights_in(*layer) == (bottleneck ? 2 * 5 + 5 * 12 + 2 * 12 + 9 * 12 * 3 : 2 * 5 + 9 * 5 * 3));
  }
}

// Huang et al. (2017), table 2: 0.8 M for DenseNet-BC of 100 layers, 1.0 M for DenseNet of 40, k = 12.
TEST_CASE("Dense nets have the parameters of their paper", "[training][nets]") {
  const auto closed_form = [](const DenseNetOptions& o, int64_t colours) {
    const int64_t k = o.growth, layers = (o.depth - 4) / (o.bottleneck ? 6 : 3);
    int64_t m = o.bottleneck ? 2 * k : 16, all = 9 * colours * m;
    for (int block = 0; block < 3; ++block) {
      for (int64_t i = 0; i < layers; ++i, m += k)
        all += o.bottleneck ? 2 * m + m * 4 * k + 2 * 4 * k + 9 * 4 * k * k : 2 * m + 9 * m * k;
      if (block == 2) continue;
      const auto kept = int64_t(o.compression * double(m));
      all += 2 * m + m * kept;
      m = kept;
    }
    return all + 2 * m + 10 * m + 10;
  };
  const auto found = [](const DenseNetOptions& o, int64_t colours) {
    return weights_in(*DenseNet("net", colours, 10, o));
  };
  const DenseNetOptions bc{.depth = 100}, plain{.depth = 40, .bottleneck = false, .compression = 1};
  CHECK(found(bc, 3) == 769162);
  CHECK(found(plain, 3) == closed_form(plain, 3));
  CHECK(closed_form(plain, 3) == 1019722);
  for (const DenseNetOptions& o :
       {bc, DenseNetOptions{}, DenseNetOptions{.depth = 16, .growth = 5, .compression = 0.7}})
    CHECK(found(o, 1) == closed_form(o, 1));
  CHECK(refusal([] {
          DenseNetOptions{.depth = 21}.layers_in_block();
        }).find("net.depth: expected 4 + 6 times the layers of a block, found 21") != std::string::npos);
  DenseNet small("net", 1, 3, DenseNetOptions{.depth = 10, .growth = 2});
  for (const int64_t side : {4, 9, 16})
    CHECK(small->forward(torch::rand({2, 1, side, side})).sizes() == torch::IntArrayRef({2, 3}));
}

TEST_CASE("The patches' linear layer is a convolution whose stride is its kernel", "[training][nets]") {
  const Tensor x = torch::randn({3, 2, 8, 12});
  const Tensor weight = torch::randn({5, 2, 4, 4}), bias = torch::randn({5});
  const Tensor by_patch = torch::linear(training::patches_of(x, 4), weight.flatten(1), bias);  // [3, 6, 5]
  const Tensor by_convolution = torch::conv2d(x, weight, bias, 4).flatten(2).transpose(1, 2);
  CHECK(torch::allclose(by_patch, by_convolution, 1e-4, 1e-5));
}

TEST_CASE("A vision transformer knows places by its positions alone", "[training][nets]") {
  const VisionTransformerOptions options{.patch = 2, .layers = 2, .heads = 2, .width = 8};
  VisionTransformer net("net", SizeOfOne{1, 6, 6}, 3, options);
  const torch::NoGradGuard no_grad;
  auto p = net->named_parameters();
  for (const auto& parameter : p) parameter.value().normal_(0, 0.5);
  const Tensor patches = training::patches_of(torch::randn({4, 1, 6, 6}), 2), order = torch::randperm(9);
  const Tensor logits = net->output(net->encode(patches)), mixed = patches.index_select(1, order);
  CHECK_FALSE(torch::allclose(net->output(net->encode(mixed)), logits, 0, 1e-3));
  const Tensor places = torch::cat({torch::zeros({1}, torch::kInt64), order + 1});
  p["positions"].copy_(p["positions"].index_select(0, places).clone());
  CHECK(torch::allclose(net->output(net->encode(mixed)), logits, 1e-4, 1e-5));
}

TEST_CASE("Vision transformers have the parameters that their equations say, and patches that fit",
          "[training][nets]") {
  const VisionTransformerOptions o{};
  const int64_t D = o.width, N = 49, P = o.patch * o.patch;
  const int64_t block = 2 * D + (3 * D * D + 3 * D) + (D * D + D) + (4 * D * D + 4 * D) + (4 * D * D + D);
  const auto made = [](SizeOfOne shape, const VisionTransformerOptions& options) {
    return VisionTransformer("net", shape, 10, options);
  };
  CHECK(weights_in(*made({1, 28, 28}, o)) ==
        P * D + D + D + (1 + N) * D + o.layers * block + D + 10 * D + 10);
  CHECK(refusal([&] {
          made({1, 28, 28}, {.patch = 5});
        }).find("net.patch: expected a side that divides pictures of 28 x 28 pixels, found 5") !=
        std::string::npos);
  CHECK(refusal([&] {
          made({1, 28, 28}, {.heads = 3});
        }).find("net.heads: 3 heads do not divide") != std::string::npos);
}
