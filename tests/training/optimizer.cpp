// Our optimisers against LibTorch's own, and the fast rule against its twin in tensor operations.
#include <torch/optim.h>

#include "tests/catch.h"
#include "training/loop/tensor_rules.h"

using namespace training;

namespace {

torch::Tensor leaf() { return torch::linspace(-1, 1, 37).set_requires_grad(true); }

// A loss with different curvature in every direction.
torch::Tensor loss_of(const torch::Tensor& w) {
  const torch::Tensor scale = torch::linspace(0.5, 4, 37);
  return (scale * (w - 0.3).square()).sum() + (w.sin() * scale).sum();
}

torch::Tensor ours(const OptimOptions& options, int steps) {
  torch::Tensor w = leaf();
  Optimizer optimizer(options, {{"w", w, true}});
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    loss_of(w).backward();
    optimizer.step(options.lr);
  }
  return w.detach();
}

torch::Tensor theirs(torch::optim::Optimizer& optimizer, torch::Tensor w, int steps) {
  for (int i = 0; i < steps; ++i) {
    if (w.grad().defined()) w.mutable_grad().zero_();
    loss_of(w).backward();
    optimizer.step();
  }
  return w.detach();
}

double distance(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

TEST_CASE("Adam, AdamW, SGD, RMSprop and Adagrad take LibTorch's steps", "[training][optimizer]") {
  const int steps = 40;
  SECTION("adam with weight decay") {
    torch::Tensor w = leaf();
    torch::optim::Adam reference(
        {w}, torch::optim::AdamOptions(0.05).betas({0.8, 0.95}).eps(1e-6).weight_decay(0.1));
    const OptimOptions o{
        .algorithm = "adam", .lr = 0.05, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-6, .weight_decay = 0.1};
    CHECK(distance(ours(o, steps), theirs(reference, w, steps)) < 5e-6);
  }
  SECTION("adamw") {
    torch::Tensor w = leaf();
    torch::optim::AdamW reference({w}, torch::optim::AdamWOptions(0.05).weight_decay(0.1));
    CHECK(distance(ours({.algorithm = "adamw", .lr = 0.05, .weight_decay = 0.1}, steps),
                   theirs(reference, w, steps)) < 5e-6);
  }
  SECTION("sgd with momentum and Nesterov") {
    torch::Tensor w = leaf();
    torch::optim::SGD reference(
        {w}, torch::optim::SGDOptions(0.01).momentum(0.9).nesterov(true).weight_decay(0.01));
    const OptimOptions o{
        .algorithm = "sgd", .lr = 0.01, .momentum = 0.9, .nesterov = true, .weight_decay = 0.01};
    CHECK(distance(ours(o, steps), theirs(reference, w, steps)) < 5e-6);
  }
  SECTION("sgd with momentum") {
    torch::Tensor w = leaf();
    torch::optim::SGD reference({w}, torch::optim::SGDOptions(0.01).momentum(0.9));
    CHECK(distance(ours({.algorithm = "sgd", .lr = 0.01, .momentum = 0.9}, steps),
                   theirs(reference, w, steps)) < 5e-6);
  }
  SECTION("plain sgd") {
    torch::Tensor w = leaf();
    torch::optim::SGD reference({w}, torch::optim::SGDOptions(0.01));
    CHECK(distance(ours({.algorithm = "sgd", .lr = 0.01}, steps), theirs(reference, w, steps)) < 5e-6);
  }
  SECTION("adagrad") {
    torch::Tensor w = leaf();
    torch::optim::Adagrad reference({w}, torch::optim::AdagradOptions(0.1).eps(1e-6).weight_decay(0.01));
    const OptimOptions o{.algorithm = "adagrad", .lr = 0.1, .eps = 1e-6, .weight_decay = 0.01};
    CHECK(distance(ours(o, steps), theirs(reference, w, steps)) < 5e-6);
  }
  SECTION("rmsprop") {
    torch::Tensor w = leaf();
    torch::optim::RMSprop reference({w}, torch::optim::RMSpropOptions(0.01).alpha(0.9).eps(1e-5));
    CHECK(distance(ours({.algorithm = "rmsprop", .lr = 0.01, .alpha = 0.9, .eps = 1e-5}, steps),
                   theirs(reference, w, steps)) < 5e-6);
  }
}

TEST_CASE("the native rule equals its twin in tensor operations", "[training][optimizer]") {
  for (const std::string algorithm : {"adadelta", "adagrad", "adam", "adamw", "lion", "rmsprop", "sgd"}) {
    INFO(algorithm);
    const OptimOptions options{.momentum = 0.9, .nesterov = true, .eps = 1e-6};
    torch::manual_seed(3);
    torch::Tensor w = torch::randn({101}), first = torch::zeros({101}), second = torch::zeros({101});
    torch::Tensor w2 = w.clone(), first2 = first.clone(), second2 = second.clone();
    for (int64_t step = 1; step <= 10; ++step) {
      const torch::Tensor g = torch::randn({101});
      const UpdateRule rule{options, algorithm, 0.01, 0.1, step};
      apply_native(rule, w.data_ptr<float>(), g.data_ptr<float>(), first.data_ptr<float>(),
                   second.data_ptr<float>(), 101);
      apply_tensors(rule, w2, g, first2, second2);
    }
    CHECK(distance(w, w2) < 1e-5);
  }
}

TEST_CASE("decay_embeddings pulls embeddings, too", "[training][optimizer]") {
  for (const bool pulls : {false, true}) {
    torch::Tensor w = torch::ones({2, 2}).requires_grad_();
    w.mutable_grad() = torch::zeros_like(w);
    Optimizer optimizer({.algorithm = "sgd", .weight_decay = 0.5, .decay_embeddings = pulls},
                        {{"symbols", w, false, true}});
    optimizer.step(1);
    CHECK(w.detach()[0][0].item<float>() == (pulls ? 0.5f : 1.0f));
  }
}

TEST_CASE("weight decay spares what is marked", "[training][optimizer]") {
  torch::Tensor kept = torch::ones({3}).set_requires_grad(true),
                pulled = torch::ones({3}).set_requires_grad(true);
  Optimizer optimizer({.algorithm = "sgd", .weight_decay = 0.5},
                      {{"bias", kept, false}, {"weight", pulled, true}});
  ((kept + pulled) * 0).sum().backward();
  optimizer.step(0.1);
  CHECK(kept[0].item<float>() == 1);
  CHECK(pulled[0].item<float>() == Approx(0.95));
}

TEST_CASE("what one optimiser does not say is as in optim", "[training][optimizer]") {
  OptimOptions base{.algorithm = "adamw", .lr = 0.1, .beta1 = 0.5, .eps = 1e-5, .accumulate = 3};
  base.schedule.schedule = "cosine";
  CHECK(core::to_yaml(core::write_options(base)) == [&] {
    OptimOptions same = OptimOverride().over(base);
    return core::to_yaml(core::write_options(same));
  }());
  OptimOverride own{
      .algorithm = "sgd", .schedule = "linear", .lr = 0.2, .momentum = 0.9, .eps = 0, .lr_end = 0.5};
  own.accumulate = 1;
  const OptimOptions made = own.over(base);
  CHECK((made.algorithm == "sgd" && made.schedule.schedule == "linear"));
  CHECK((made.lr == 0.2 && made.momentum == 0.9 && made.eps == 0 && made.beta1 == 0.5));
  CHECK((made.accumulate == 1 && made.schedule.lr_end == 0.5 && made.schedule.warmup == 0));
}
