// Encoder and decoder: sparsemax is the nearest point of the simplex, what fills up a row changes nothing, no
// loss depends on what is yet to be written, and answers are learned.
#include <cmath>

#include "supervised/all.h"
#include "supervised/sequence/answers.h"
#include "supervised/sequence/encoder_decoder.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"
#include "training/data/sequences.h"
#include "training/nets/sparsemax.h"

using supervised::all;
using supervised::cut;
using supervised::edit_distance;
using torch::Tensor;

namespace tests::questions_and_answers {

// The nearest point to z on the simplex, as a quadratic programme: of all sets of indices that may be above
// 0, the point that Lagrange's equation gives, if it is one of the simplex, and of these the nearest.
static std::vector<double> nearest(const std::vector<double>& z) {
  std::vector<double> best;
  double least = INFINITY;
  for (size_t set = 1; set < (size_t{1} << z.size()); ++set) {
    double sum = 0, count = 0, distance = 0;
    for (size_t i = 0; i < z.size(); ++i)
      if (set >> i & 1) sum += z[i], count += 1;
    std::vector<double> p(z.size());
    bool inside = true;
    for (size_t i = 0; i < z.size(); ++i) {
      if (set >> i & 1) p[i] = z[i] - (sum - 1) / count;
      inside = inside && p[i] >= 0;
      distance += (p[i] - z[i]) * (p[i] - z[i]);
    }
    if (inside && distance < least) least = distance, best = p;
  }
  return best;
}

TEST_CASE("sparsemax solves the quadratic programme", "[supervised][seq2seq]") {
  torch::manual_seed(1);
  for (int draw = 0; draw < 200; ++draw) {
    const int64_t n = 1 + draw % 7;
    const Tensor z = (draw % 3 + 0.3) * torch::randn({n}, torch::kFloat64);
    const Tensor p = training::sparsemax(z);
    const auto right = nearest({z.data_ptr<double>(), z.data_ptr<double>() + n});
    CHECK(torch::allclose(p, torch::tensor(right, torch::kFloat64), 0, 1e-12));
    CHECK(p.sum().item<double>() == Approx(1).epsilon(1e-12));
  }
  const Tensor rows = torch::tensor({{1.0, 0.0, 0.0}, {0.4, 0.2, 0.0}, {3.0, 3.0, -1e9}});
  CHECK(
      torch::allclose(training::sparsemax(rows),
                      torch::tensor({{1.0, 0.0, 0.0}, {0.5333333, 0.3333333, 0.1333333}, {0.5, 0.5, 0.0}})));
}

TEST_CASE("sparsemax has the gradient of finite differences", "[supervised][seq2seq]") {
  torch::manual_seed(2);
  const Tensor z = torch::randn({5, 6}, torch::kFloat64).requires_grad_(), weights = torch::randn_like(z);
  const auto f = [&](const Tensor& x) { return (training::sparsemax(x) * weights).sum(); };
  const Tensor gradient = torch::autograd::grad({f(z)}, {z})[0];
  const double h = 1e-6;
  for (int64_t i = 0; i < z.numel(); ++i) {
    const Tensor up = z.detach().clone(), down = z.detach().clone();
    up.view({-1})[i] += h;
    down.view({-1})[i] -= h;
    const double slope = (f(up) - f(down)).item<double>() / (2 * h);
    CHECK(gradient.flatten()[i].item<double>() == Approx(slope).margin(1e-7));
  }
}

TEST_CASE("edit distances are the fewest changes", "[supervised][seq2seq]") {
  CHECK(edit_distance({}, {}) == 0);
  CHECK(edit_distance({1, 2, 3}, {}) == 3);
  CHECK(edit_distance({1, 2, 3}, {1, 3}) == 1);
  CHECK(edit_distance({1, 2, 3}, {4, 1, 2, 5}) == 2);
  const auto letters = [](const std::string& s) { return std::vector<int64_t>(s.begin(), s.end()); };
  CHECK(edit_distance(letters("kitten"), letters("sitting")) == 3);
  CHECK(edit_distance(letters("intention"), letters("execution")) == 5);
}

TEST_CASE("a sequence is cut behind the sign before its answer", "[supervised][seq2seq]") {
  const int no = int(training::data::ignored);
  const Tensor inputs = torch::tensor({{5, 9, 7, 8, 0, 0}, {5, 6, 4, 9, 3, 0}}, torch::kInt64);
  const Tensor targets = torch::tensor({{no, 7, 8, 0, no, no}, {no, no, no, 3, 0, no}}, torch::kInt64);
  const auto rows = cut(inputs, targets);
  CHECK(rows.asked.equal(torch::tensor({{5, 9, 7, 8}, {5, 6, 4, 9}})));
  CHECK(rows.there.sum(1).equal(torch::tensor({2, 4})));
  CHECK(rows.read.equal(torch::tensor({{9, 7, 8}, {9, 3, 0}})));
  CHECK(rows.wanted.equal(torch::tensor({{7, 8, 0}, {3, 0, no}}, torch::kInt64)));
}

struct Kind {
  std::string attention, weights, cell;
};
static const Kind kinds[] = {{"bahdanau", "softmax", "gru"},
                             {"bahdanau", "sparsemax", "lstm"},
                             {"luong", "softmax", "rnn"},
                             {"luong", "sparsemax", "gru"},
                             {"none", "softmax", "lstm"}};

static supervised::EncoderDecoder net_of(const Kind& kind, bool bidirectional = true) {
  torch::manual_seed(4);
  const supervised::EncoderDecoderOptions options{5, bidirectional, kind.attention, kind.weights};
  const training::RecurrentOptions net{.cell = kind.cell, .layers = 2, .width = 6};
  return supervised::EncoderDecoder(7, options, net);
}

TEST_CASE("what fills up a question changes no answer", "[supervised][seq2seq]") {
  const Tensor asked = torch::tensor({{1, 2, 3}}, torch::kInt64),
               read = torch::tensor({{4, 5}}, torch::kInt64);
  const Tensor filled = torch::tensor({{1, 2, 3, 6, 6}}, torch::kInt64);
  const Tensor there = torch::tensor({{true, true, true, false, false}});
  for (const Kind& kind : kinds)
    for (const bool bidirectional : {false, true}) {
      INFO(kind.attention << " " << kind.weights << " " << bidirectional);
      auto net = net_of(kind, bidirectional);
      const auto plain = net->encode(asked, torch::ones({1, 3}, torch::kBool)),
                 more = net->encode(filled, there);
      auto state = plain.state, other = more.state;
      const auto a = net->decode(plain, state, read), b = net->decode(more, other, read);
      CHECK(torch::allclose(a.logits, b.logits, 1e-5, 1e-6));
      if (!b.weights.defined()) continue;
      CHECK(torch::equal(b.weights.slice(2, 3), torch::zeros({1, 2, 2})));
      CHECK(torch::allclose(b.weights.sum(2), torch::ones({1, 2})));
    }
}

TEST_CASE("no symbol depends on those behind it in the answer, each on the whole question",
          "[supervised][seq2seq]") {
  const Tensor asked = torch::tensor({{1, 2, 3}}, torch::kInt64), there = torch::ones({1, 3}, torch::kBool);
  for (const Kind& kind : kinds) {
    auto net = net_of(kind);
    const auto encoded = net->encode(asked, there);
    const auto logits = [&](const std::vector<int64_t>& read) {
      auto state = encoded.state;
      return net->decode(encoded, state, torch::tensor(read, torch::kInt64).unsqueeze(0)).logits;
    };
    const Tensor a = logits({4, 5, 6, 1}), b = logits({4, 5, 0, 2});
    CHECK(torch::equal(a.slice(1, 0, 2), b.slice(1, 0, 2)));
    CHECK_FALSE(torch::equal(a.slice(1, 2), b.slice(1, 2)));
    auto one_by_one = encoded.state;
    std::vector<Tensor> steps;
    for (const int64_t symbol : {4, 5, 6, 1})
      steps.push_back(net->decode(encoded, one_by_one, torch::tensor({{symbol}}, torch::kInt64)).logits);
    CHECK(torch::allclose(torch::cat(steps, 1), a, 1e-5, 1e-6));
  }
}

TEST_CASE("an encoder and a decoder learn to copy on three seeds", "[supervised][seq2seq]") {
  const std::string& yaml = all().at("seq2seq").trial;
  for (const std::string seed : {"0", "1", "2"}) {
    INFO("seed " << seed);
    auto run = trial::session(yaml, all(), {"seed=" + seed});
    const auto before = trial::grades(run);
    CHECK(before.at("test/accuracy") < 0.6);
    CHECK(before.at("test/edit_distance") > 1);
    trial::learn(run);
    const auto grades = trial::grades(run);
    CHECK(grades.at("test/accuracy") > 0.95);
    CHECK(grades.at("test/exact") > 0.9);
    CHECK(grades.at("test/edit_distance") < 0.2);
    const core::Gallery gallery = run.sample(8, 1, {.prompt = "abc"});
    CHECK(gallery.pictures[0].text.substr(0, 4) == "abc>");
    CHECK(gallery.pictures[0].text.size() == 3 + 1 + 3 + 1);
    CHECK(gallery.pictures[1].name == "attention");
    CHECK(gallery.pictures[1].shape == std::vector<int64_t>{1, 3, 4, 1});
  }
}

TEST_CASE("a question of words is asked word by word", "[supervised][seq2seq]") {
  auto run = trial::session(
      "model: seq2seq\ndata: {name: translation, train_size: 20, test_size: 20, batch_size: 5}\n"
      "net: {width: 4}\ntrain: {steps: 1}\n",
      all());
  const std::string text = run.sample(8, 1, {.prompt = "the old  dog sees a cat"}).pictures[0].text;
  CHECK(text.find(" the old dog sees a cat >") == 0);
  CHECK(refusal([&] { run.sample(8, 1, {.prompt = "the old mouse"}); }) ==
        "prompt: 'mouse' is none of the 65 words of this model");
  CHECK(run.sample(8, 1).pictures[0].text.find(" >") != std::string::npos);
}

TEST_CASE("sequences without questions are refused", "[supervised][seq2seq]") {
  CHECK(refusal([&] {
          trial::session("model: seq2seq\ndata: anbn\ntrain: {steps: 1}\n", all());
        }).find("'anbn' has no questions") != std::string::npos);
}

}  // namespace tests::questions_and_answers
