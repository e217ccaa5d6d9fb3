// Who is in training mode, and when.
#include "training/loop/registry.h"

#include "core/error.h"
#include "tests/catch.h"
#include "training/nets/conv_stack.h"

using namespace training;

TEST_CASE("what no optimiser moves is in eval mode, and stays in it", "[training][registry]") {
  Registry registry;
  const ConvStackImpl::Shape shape{1, 8, 8};
  ConvStack learned("learned", shape, 2, ConvStackOptions{}), target("target", shape, 2, ConvStackOptions{});
  Build build(registry, 1, torch::kCPU);
  build.module("learned", *learned);
  build.module("target", *target);
  build.optimizer("net", {learned.get()}, {});
  build.finish();
  const auto training = [](torch::nn::Module& module) {
    int64_t on = module.is_training();
    for (const auto& part : module.modules(false)) on += part->is_training();
    return on;
  };
  const int64_t parts = training(*learned);
  CHECK(parts > 3);
  CHECK(training(*target) == 0);

  learned->children()[0]->eval();  // a part that its learner has frozen
  const int64_t left = training(*learned);
  CHECK(left < parts);
  const Registry::Modes modes = registry.evaluate();
  CHECK(training(*learned) == 0);
  Registry::restore(modes);
  CHECK(training(*learned) == left);
  CHECK_FALSE(learned->children()[0]->is_training());
  CHECK(training(*target) == 0);
}

TEST_CASE("a score needs a better and a worse", "[training][registry]") {
  Registry registry;
  Build build(registry, 1, torch::kCPU);
  build.metric({"eval/size", "", "Neither"});
  build.metric({"eval/loss", "", "A loss", Direction::minimize});
  CHECK_THROWS_AS(build.score("eval/size"), core::Error);
  CHECK_THROWS_AS(build.score("eval/absent"), core::Error);
  build.score("eval/loss");
  CHECK(registry.score->sign == -1);
}
