// Encoder and decoder of attention: nothing comes from what is yet to be written, nor from what fills a row
// up; what is kept changes nothing; a softmax over what is there; answers are learned.
#include "supervised/sequence/encoder_decoder_transformer.h"

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using supervised::all;
using supervised::QuestionsAndAnswers;
using torch::Tensor;

namespace tests::attentive_answers {

// Weights far from those it begins with; float64.
static supervised::EncoderDecoderTransformer net_of(uint64_t seed) {
  torch::manual_seed(seed);
  supervised::EncoderDecoderTransformer net(7, 9, training::TransformerOptions{2, 2, 8, 0});
  net->to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  for (Tensor& weight : net->parameters()) weight.add_(0.3 * torch::randn_like(weight));
  return net;
}

static Tensor symbols(int64_t rows, int64_t length) {
  return torch::randint(0, 7, {rows, length}, torch::kInt64);
}

static Tensor first_of_each(const std::vector<int64_t>& lengths, int64_t longest) {
  return torch::arange(longest).unsqueeze(0) < torch::tensor(lengths).unsqueeze(1);  // [B, Q]
}

static Tensor gradient(const Tensor& of, const Tensor& to) {
  return torch::autograd::grad({of}, {to}, {}, /*retain_graph=*/true)[0].abs();
}

TEST_CASE("attention to what is there is a softmax of products, head by head", "[supervised][transformer]") {
  torch::manual_seed(1);
  training::MaskedAttention attention(6, 2, 1, 1);
  attention->to(torch::kFloat64);
  const Tensor x = torch::randn({1, 2, 6}, torch::kFloat64), seen = torch::randn({1, 3, 6}, torch::kFloat64);
  const auto p = attention->named_parameters();
  const Tensor q = x[0].matmul(p["queries"].t()), kv = seen[0].matmul(p["keys_and_values"].t());
  std::vector<Tensor> heads;
  for (int64_t h = 0; h < 2; ++h) {
    const auto part = [&](const Tensor& t, int64_t from) { return t.narrow(1, from + 3 * h, 3); };
    const Tensor scores = part(q, 0).matmul(part(kv, 0).t()) / std::sqrt(3.0);
    heads.push_back(
        scores.slice(1, 0, 2).softmax(1).matmul(part(kv, 6).slice(0, 0, 2)));  // two of three are there
  }
  const Tensor right = torch::cat(heads, 1).matmul(p["out"].t());
  const auto memory = attention->memory(seen);
  const Tensor weights = attention->weights(x, memory, first_of_each({2}, 3));
  CHECK(torch::allclose(attention->weighed(weights, memory)[0], right, 0, 1e-12));
  CHECK(torch::allclose(weights.sum(3), torch::ones({1, 2, 2}, torch::kFloat64)));
  CHECK(torch::equal(weights.select(3, 2), torch::zeros({1, 2, 2}, torch::kFloat64)));
}

TEST_CASE("no symbol of an answer depends on those behind it, each on the whole question",
          "[supervised][transformer]") {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    auto net = net_of(seed);
    const Tensor there = first_of_each({4}, 4);
    const Tensor asked = net->embed_question(symbols(1, 4)).detach().requires_grad_();
    const Tensor read = net->embed_answer(symbols(1, 6)).detach().requires_grad_();
    const Tensor logits = net->decode_embedded(net->encode_embedded(asked, there), read, nullptr).logits;
    for (int64_t t = 0; t < 6; ++t) {
      const Tensor loss = logits[0][t].square().sum(), back = gradient(loss, read)[0].sum(1);
      CHECK((back.slice(0, 0, t + 1) > 0).all().item<bool>());
      CHECK((back.slice(0, t + 1) == 0).all().item<bool>());
      CHECK((gradient(loss, asked)[0].sum(1) > 0).all().item<bool>());
    }
  }
}

TEST_CASE("what fills up a question has no weight, no gradient and no say", "[supervised][transformer]") {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    auto net = net_of(seed);
    const Tensor there = first_of_each({5, 2}, 5), read = symbols(2, 4);
    const Tensor x = net->embed_question(symbols(2, 5)).detach().requires_grad_();
    const auto [logits, weights] =
        net->decode_embedded(net->encode_embedded(x, there), net->embed_answer(read), nullptr);
    const Tensor slope = gradient(logits.square().sum(), x).sum(2);  // [B, Q]
    CHECK(torch::equal(slope > 0, there));
    CHECK(torch::equal(weights[1].slice(1, 2), torch::zeros({4, 3}, torch::kFloat64)));
    CHECK(torch::allclose(weights.sum(2), torch::ones({2, 4}, torch::kFloat64)));
    const Tensor alone =
        net->decode_embedded(net->encode_embedded(x.slice(0, 1).slice(1, 0, 2), first_of_each({2}, 2)),
                             net->embed_answer(read.slice(0, 1)), nullptr)
            .logits;
    CHECK(torch::allclose(alone[0], logits[1], 0, 1e-12));
  }
}

TEST_CASE("a decoder that keeps keys and values writes as one that computes all anew",
          "[supervised][transformer]") {
  const torch::NoGradGuard no_grad;
  for (const auto type : {torch::kFloat32, torch::kFloat64})
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      auto net = net_of(seed);
      net->to(type);
      const auto encoded = net->encode(symbols(3, 5), first_of_each({5, 3, 1}, 5));
      training::TransformerCache cache;
      const supervised::ReadOn kept = [&](const Tensor& read) { return net->decode(encoded, read, &cache); };
      Tensor whole;
      const supervised::ReadOn anew = [&](const Tensor& read) {
        whole = whole.defined() ? torch::cat({whole, read}, 1) : read;
        const auto all = net->decode(encoded, whole);
        return supervised::Written{all.logits.slice(1, -1), all.weights.slice(1, -1)};
      };
      const Tensor first = symbols(3, 1).squeeze(1);
      const auto a = supervised::write(kept, first, 9), b = supervised::write(anew, first, 9);
      CHECK(torch::equal(a.symbols, b.symbols));
      CHECK(torch::allclose(a.weights, b.weights, 0, type == torch::kFloat32 ? 1e-6 : 1e-12));
      CHECK(a.weights.sizes() == torch::IntArrayRef({3, 9, 5}));
    }
}

TEST_CASE("an encoder and a decoder of attention learn to copy on three seeds", "[supervised][transformer]") {
  const std::string& yaml = all().at("transformer").trial;
  for (const std::string seed : {"0", "1", "2"}) {
    INFO("seed " << seed);
    auto run = trial::session(yaml, all(), {"seed=" + seed});
    CHECK(trial::grades(run).at("test/accuracy") < 0.6);
    trial::learn(run);
    const auto grades = trial::grades(run);
    CHECK(grades.at("test/accuracy") > 0.95);
    CHECK(grades.at("test/exact") > 0.9);
    CHECK(grades.at("test/edit_distance") < 0.2);
    CHECK(grades.count("test/zeros") == 0);
    const core::Gallery gallery = run.sample(8, 1, {.prompt = "abc"});
    CHECK(gallery.pictures[0].text.substr(0, 4) == "abc>");
    CHECK(gallery.pictures[1].shape == std::vector<int64_t>{1, 3, 4, 1});
    CHECK(refusal([&] { run.sample(8, 1, {.prompt = "abcabca"}); }) ==
          "prompt: 8 symbols with '>', and this model reads 6 at most");
  }
}

TEST_CASE("what a transformer cannot learn from is refused", "[supervised][transformer]") {
  const auto says = [](const std::string& yaml) {
    return refusal([&] { trial::session("model: transformer\n" + yaml + "\ntrain: {steps: 1}\n", all()); });
  };
  CHECK(says("data: anbn").find("'anbn' has no questions") != std::string::npos);
  CHECK(says("data: copy\nnet: {width: 10, heads: 4}").find("4 heads do not divide") != std::string::npos);
}

}  // namespace tests::attentive_answers
