// The masked language model: what it hides, that it sees both sides, and that it fills gaps.
#include <cmath>

#include "supervised/all.h"
#include "supervised/sequence/bert.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/compat.h"
#include "training/data/sequences.h"

using supervised::all;
using supervised::hide;
using torch::Tensor;

namespace tests::masked {

TEST_CASE("of what is hidden a share is masked, a share replaced, the rest stays", "[supervised][bert]") {
  const int64_t V = 50;
  torch::manual_seed(1);
  const Tensor inputs = torch::randint(0, V, {400, 50}, torch::kInt64), targets = inputs.roll(-1, 1);
  const auto rows =
      hide(inputs, targets, {.hidden = 0.2, .masked = 0.8, .replaced = 0.1}, V, training::make_generator(3));
  const Tensor hidden = rows.wanted != training::data::ignored;
  const auto share = [](const Tensor& part, const Tensor& of) {
    return part.logical_and(of).sum().item<double>() / of.sum().item<double>();
  };
  CHECK(share(hidden, torch::ones_like(hidden)) == Approx(0.2 * 49 / 50).margin(0.01));
  CHECK(share(rows.read == V, hidden) == Approx(0.8).margin(0.02));
  CHECK(share(rows.read == inputs, hidden) == Approx(0.1 + 0.1 / V).margin(0.015));
  CHECK(torch::equal(rows.wanted.masked_select(hidden), inputs.masked_select(hidden)));
  CHECK(torch::equal(rows.read.masked_select(hidden.logical_not()),
                     inputs.masked_select(hidden.logical_not())));
  CHECK_FALSE(hidden.select(1, 0).any().item<bool>());  // nobody's target
}

TEST_CASE("only symbols that count are hidden, and at least one", "[supervised][bert]") {
  const int no = int(training::data::ignored);
  const Tensor inputs = torch::tensor({{1, 2, 3, 4}, {1, 2, 3, 4}}, torch::kInt64);
  const Tensor targets =
      torch::tensor({{no, no, 4, no}, {no, 3, no, no}}, torch::kInt64);  // the fourth, the third
  const auto all_hidden =
      hide(inputs, targets, {.hidden = 1, .masked = 1, .replaced = 0}, 9, training::make_generator(1));
  CHECK(all_hidden.read.equal(torch::tensor({{1, 2, 3, 9}, {1, 2, 9, 4}})));
  CHECK(all_hidden.wanted.equal(torch::tensor({{no, no, no, 4}, {no, no, 3, no}})));
  const auto one =
      hide(inputs, targets, {.hidden = 1e-9, .masked = 1, .replaced = 0}, 9, training::make_generator(1));
  CHECK(one.wanted.equal(torch::tensor({{no, no, no, 4}, {no, no, no, no}})));
}

TEST_CASE("a guess depends on every symbol of both sides", "[supervised][bert]") {
  torch::manual_seed(5);
  supervised::SymbolEncoder net(6, 8, supervised::EncoderOptions{.layers = 2, .heads = 2, .width = 8});
  for (Tensor& weight : net->parameters()) weight.data().add_(0.3 * torch::randn_like(weight));
  const Tensor x = net->embed(torch::randint(0, 7, {1, 8}, torch::kInt64)).detach().requires_grad_();
  const Tensor y = net->logits(x);
  CHECK(y.sizes() == torch::IntArrayRef({1, 8, 6}));  // the mask is none to guess
  for (int64_t t = 0; t < 8; ++t) {
    const Tensor gradient = torch::autograd::grad({y[0][t].square().sum()}, {x}, {}, true)[0][0].abs().sum(1);
    CHECK((gradient > 0).all().item<bool>());
  }
}

TEST_CASE("without positions the encoder follows its symbols' order", "[supervised][bert]") {
  torch::manual_seed(6);
  supervised::SymbolEncoder net(6, 5, supervised::EncoderOptions{.layers = 2, .heads = 2, .width = 8});
  const torch::NoGradGuard no_grad;
  net->embeddings()[1].zero_();
  const Tensor tokens = torch::tensor({{0, 1, 2, 3, 4}}, torch::kInt64),
               order = torch::tensor({3, 0, 4, 2, 1});
  const Tensor a = net->forward(tokens).index_select(1, order),
               b = net->forward(tokens.index_select(1, order));
  CHECK(torch::allclose(a, b, 1e-4, 1e-6));
}

TEST_CASE("a masked language model fills the gaps of copies on three seeds", "[supervised][bert]") {
  const std::string& yaml = all().at("bert").trial;
  for (const std::string seed : {"0", "1", "2"}) {
    INFO("seed " << seed);
    auto run = trial::session(yaml, all(), {"seed=" + seed});
    CHECK(trial::grades(run)["test/accuracy"] < 0.6);
    trial::learn(run);
    auto grades = trial::grades(run);
    CHECK(grades["test/accuracy"] > 0.95);
    CHECK(grades["test/perplexity"] == Approx(std::exp(grades["test/loss"])));
    CHECK(run.sample(8, 1, {.prompt = "abc>a_"}).pictures[0].text == "abc>a_\nabc>ab\n");
  }
}

TEST_CASE("a text for a masked model has as many symbols as it reads, and its own", "[supervised][bert]") {
  auto run = trial::session(all().at("bert").trial, all());
  CHECK(refusal([&] { run.sample(8, 1, {.prompt = "abcabcabc"}); }) ==
        "prompt: 9 symbols, and this model reads 6 at most");
  CHECK(refusal([&] { run.sample(8, 1, {.prompt = "abz"}); }).find("prompt: 'z' (U+007A) is none of the ") ==
        0);
  CHECK(refusal([&] { trial::session(all().at("bert").trial, all(), {"bert.replaced=0.5"}); }) ==
        "bert.masked, bert.replaced: expected shares of at most 1 together, found 0.8 and 0.5");
}

}  // namespace tests::masked
