// Every net of pictures that options build, narrow and odd ones too: its gradients are those of LibTorch's
// own kernels, and it stays within its memory. The latter shows under the fence or valgrind
// (tests/memory/run).
#include <ATen/Context.h>

#include "agents/all.h"
#include "agents/encoder.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/trial.h"
#include "training/nets/deconv_stack.h"
#include "training/nets/dense_net.h"
#include "training/nets/native_gru.h"
#include "training/nets/residual.h"
#include "training/nets/vision_transformer.h"

using torch::Tensor;
using training::ConvStack;
using training::ConvStackOptions;
using training::DeconvStack;
using training::ResidualNet;

namespace {

using Shape = training::ConvStackImpl::Shape;
using Gradients = std::vector<Tensor>;

struct ThreadsAsBefore {
  int threads = at::get_num_threads();
  ~ThreadsAsBefore() {
    at::set_num_threads(threads);
    at::globalContext().setUserEnabledMkldnn(true);
  }
};

// Of the mean square of the outputs and, as a gradient penalty has it, of the inputs' gradients.
template <class Net>
Gradients gradients(Net& net, const Tensor& rows, bool twice) {
  const Tensor x = rows.detach().requires_grad_();
  net->zero_grad();
  Tensor loss = net->forward(x).square().mean();
  if (twice) loss = loss + torch::autograd::grad({loss}, {x}, {}, true, true)[0].square().sum();
  loss.backward();
  Gradients all{x.grad().clone()};
  for (const Tensor& p : net->parameters()) all.push_back(p.grad().clone());
  return all;
}

// In norm, so that a unit whose input is zero but for rounding may fall on either side.
bool is_near(const Gradients& found, const Gradients& expected) {
  bool near = true;
  for (size_t i = 0; i < found.size(); ++i) {
    const double error = (found[i] - expected[i]).norm().item<double>();
    near = near && error <= 0.02 * expected[i].norm().item<double>() + 1e-4;
  }
  return near;
}

// By its strides too where there is one channel, as slices and mirror images may have it.
Tensor channels_last(const Tensor& rows) {
  return rows.permute({0, 2, 3, 1}).clone(torch::MemoryFormat::Contiguous).permute({0, 3, 1, 2});
}

template <class Net>
void check_gradients(Net& net, const Tensor& rows, bool twice = false) {
  const ThreadsAsBefore as_before;
  at::globalContext().setUserEnabledMkldnn(false);
  const Gradients expected = gradients(net, rows, twice);
  at::globalContext().setUserEnabledMkldnn(true);
  for (const int threads : {1, 2}) {
    at::set_num_threads(threads);
    CHECK(is_near(gradients(net, rows, twice), expected));
    if (rows.dim() == 4) CHECK(is_near(gradients(net, channels_last(rows), twice), expected));
  }
}

Tensor rows(int64_t n, const Shape& shape) { return torch::randn({n, shape[0], shape[1], shape[2]}); }

}  // namespace

TEST_CASE("Residual nets of every width have the right gradients", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t width : {1, 3, 4, 5, 7, 8, 9, 12, 15, 16})
    for (const int64_t channels : {1, 3}) {
      ResidualNet net("net", channels, 3, training::ResidualNetOptions{.width = width});
      INFO("width " << width << ", " << channels << " channels");
      check_gradients(net, rows(5, {channels, 8, 8}));
      if (width >= 7) check_gradients(net, rows(5, {channels, 16, 16}));
    }
}

TEST_CASE("Plain twins and residual nets of four stages have the right gradients", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t width : {1, 4, 7, 8})
    for (const std::string shortcut : {"padded", "none", "convolution"}) {
      ResidualNet net("net", 1, 3,
                      training::ResidualNetOptions{.width = width, .stages = 4, .shortcut = shortcut});
      INFO("width " << width << ", shortcut " << shortcut);
      check_gradients(net, rows(5, {1, 16, 16}));
    }
}

TEST_CASE("Dense nets of every growth have the right gradients", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t growth : {1, 2, 3, 4, 7, 8, 12})
    for (const bool bottleneck : {false, true}) {
      training::DenseNet net(
          "net", growth % 2 == 0 ? 1 : 3, 3,
          training::DenseNetOptions{.depth = 10, .growth = growth, .bottleneck = bottleneck});
      INFO("growth " << growth << ", bottleneck " << bottleneck);
      check_gradients(net, rows(5, {growth % 2 == 0 ? 1 : 3, 8, 8}));
    }
}

TEST_CASE("Blocks, margins, means and global pools have the right gradients at any size", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t width : {1, 4, 7})
    for (const int64_t stride : {1, 2})
      for (const std::string pool : {"none", "max", "mean"}) {
        const ConvStackOptions options{
            .channels = {width, width + 1},
            .stride = stride,
            .pool = stride == 1 ? 2 : 1,
            .fc = {.hidden = {}, .activation = "tanh"},
            .blocks = {.per_block = 2, .padding = {2, 1}, .pooling = "mean", .global_pool = pool}};
        ConvStack net("net", Shape{3, 12, 12}, 2, options);
        INFO("width " << width << ", stride " << stride << ", " << pool);
        check_gradients(net, rows(5, {3, 12, 12}));
        if (pool != "none") check_gradients(net, rows(5, {3, 17, 13}));
      }
}

TEST_CASE("Vision transformers have the right gradients", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t width : {2, 6, 16})
    for (const int64_t patch : {1, 3, 6}) {
      training::VisionTransformer net(
          "net", Shape{3, 6, 6}, 2,
          training::VisionTransformerOptions{.patch = patch, .layers = 1, .heads = 2, .width = width});
      INFO("width " << width << ", patch " << patch);
      check_gradients(net, rows(5, {3, 6, 6}));
    }
}

TEST_CASE("Convolution stacks of every kernel and stride have the right gradients", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t width : {1, 4, 7, 9})
    for (const int64_t kernel : {1, 2, 3, 5})
      for (const int64_t stride : {1, 2, 3}) {
        const bool plain = (kernel + stride) % 2 == 0;
        const ConvStackOptions options{.channels = {width, width + 1},
                                       .kernel = kernel,
                                       .stride = stride,
                                       .pool = plain ? 1 : 2,
                                       .batch_norm = !plain,
                                       .fc = {.hidden = {6}, .activation = "tanh"}};
        for (const Shape& shape : {Shape{1, 12, 18}, Shape{4, 12, 12}}) {
          INFO("width " << width << ", kernel " << kernel << ", stride " << stride << ", " << shape[0]);
          if (stride == 3 && !plain) continue;  // vanishes
          ConvStack net("net", shape, 2, options);
          check_gradients(net, rows(5, shape), plain);
        }
      }
}

TEST_CASE("Deconvolution stacks of every kernel and stride have the right gradients", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t width : {1, 4, 7, 9})
    for (const int64_t kernel : {1, 2, 3, 4, 5})
      for (const int64_t stride : {1, 2}) {
        if (kernel < stride || (stride == 1 && kernel % 2 == 0)) continue;  // none has these sides
        const ConvStackOptions options{.channels = {width, width + 1},
                                       .kernel = kernel,
                                       .stride = stride,
                                       .pool = 1,
                                       .batch_norm = width % 2 == 0,
                                       .fc = {.hidden = {6}, .activation = "tanh"}};
        for (const Shape& shape : {Shape{1, 12, 8}, Shape{3, 8, 8}}) {
          INFO("width " << width << ", kernel " << kernel << ", stride " << stride << ", " << shape[0]);
          DeconvStack net("net", 5, shape, options);
          check_gradients(net, torch::randn({5, 5}));
        }
      }
}

TEST_CASE("What sees pictures and grids for a policy has the right gradients", "[memory]") {
  torch::manual_seed(1);
  using envs::Space;
  for (const std::string encoder : {"impala", "nature", "small"})
    for (const int64_t side : {36, 42})
      for (const int64_t channels : {1, 4}) {
        const Space seen = Space::array({channels, side, side, 1}, 0, 255, envs::Dtype::uint8);
        INFO(encoder << ", " << side << " pixels, " << channels << " frames");
        agents::Encoder net(seen, agents::EncoderOptions{.name = encoder});
        check_gradients(net, 255 * torch::rand({3, seen.size()}));
      }
}

TEST_CASE("The native GRU stays within its memory at every width", "[memory]") {
  torch::manual_seed(1);
  for (const int64_t D : {1, 3, 8, 17})
    for (const int64_t F : {1, 5, 16})
      for (const int64_t S : {1, 6}) {
        const Tensor x = torch::randn({S, 4, F}).requires_grad_(), first = torch::zeros({S, D});
        const training::GruWeights weights{torch::randn({3 * D, F}).requires_grad_(),
                                           torch::randn({3 * D, D}).requires_grad_(),
                                           torch::zeros({3 * D}).requires_grad_()};
        const Tensor starts = (torch::rand({S, 4}) < 0.5).to(torch::kUInt8);
        training::gru(x, starts, first, weights).sum().backward();
        CHECK(x.grad().isfinite().all().item<bool>());
        CHECK(weights.hidden.grad().isfinite().all().item<bool>());
      }
}

TEST_CASE("Every learner takes its first steps within its memory", "[memory]") {
  for (const auto* table : {&agents::all(), &generative::all(), &supervised::all()})
    for (const training::Entry& entry : *table) {
      INFO(entry.name);
      auto run = trial::session(entry.trial, *table);
      const training::Logger silent{[](const std::string&, double) {}, {}};
      for (int i = 0; i < 2; ++i) CHECK_NOTHROW(run.step(silent));
    }
}
