// Classifiers of texts: padding changes nothing, a bag has no order, and reviews are understood by who
// remembers.
#include "supervised/sequence/text_classifier.h"

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"

using supervised::all;
using torch::Tensor;

namespace tests::text_classifiers {

static supervised::TextNet net_of(const std::string& layer, const std::string& pool) {
  torch::manual_seed(2);
  supervised::TextNet net(
      9, 2, supervised::TextNetOptions{.layer = layer, .pool = pool, .embedding = 5, .width = 6});
  net->to(torch::kFloat64);
  return net;
}

TEST_CASE(
    "what fills a text up changes nothing, and words in another order only where something is remembered",
    "[supervised][texts]") {
  const Tensor text = torch::tensor({{3, 4, 5}}, torch::kInt64),
               filled = torch::tensor({{3, 4, 5, 0, 0}}, torch::kInt64);
  for (const std::string layer : {"mlp", "rnn", "gru", "lstm"})
    for (const std::string pool : {"max", "mean"}) {
      INFO(layer << " " << pool);
      auto net = net_of(layer, pool);
      const Tensor plain = net->features(text);
      CHECK(torch::allclose(plain, net->features(filled), 0, 1e-14));
      const Tensor turned = net->features(torch::tensor({{5, 4, 3}}, torch::kInt64));
      CHECK(torch::allclose(plain, turned, 0, 1e-14) == (layer == "mlp"));
    }
}

TEST_CASE("the pool of words is by hand the largest and the mean", "[supervised][texts]") {
  const Tensor text = torch::tensor({{3, 4, 0}}, torch::kInt64);
  for (const std::string pool : {"max", "mean"}) {
    auto net = net_of("mlp", pool);
    const auto p = net->named_parameters();
    const Tensor words = p["words.weight"].slice(0, 3, 5);
    const Tensor states = (words.matmul(p["word_by_word.weight"].t()) + p["word_by_word.bias"]).relu();
    CHECK(
        torch::allclose(net->features(text)[0], pool == "max" ? std::get<0>(states.max(0)) : states.mean(0)));
  }
}

static double accuracy_of(const std::string& layer, const std::string& seed) {
  return trial::grades_after_learning(all().at("text_classifier").trial, all(),
                                      {"seed=" + seed, "net.layer=" + layer})["test/accuracy"];
}

TEST_CASE("who remembers understands reviews, and a bag of words does not", "[supervised][texts]") {
  for (const std::string seed : {"0", "1", "2"}) {
    INFO("seed " << seed);
    CHECK(accuracy_of("lstm", seed) > 0.9);
  }
  CHECK(accuracy_of("mlp", "0") < 0.7);
}

TEST_CASE("a text that is wished is judged", "[supervised][texts]") {
  auto run = trial::session(all().at("text_classifier").trial, all());
  trial::learn(run);
  const std::string shown =
      run.sample(4, 1, {.prompt = "the food is bad but the view is Superb"}).pictures[0].text;
  CHECK(shown.find("bad: ") == 0);
  CHECK(std::stod(shown.substr(shown.find("good: ") + 6)) > 50);
  CHECK(run.sample(4, 1, {.prompt = ""}).pictures[0].text.find("good: ") != std::string::npos);
}

TEST_CASE("what has no texts with a class is refused", "[supervised][texts]") {
  const auto says = [](const std::string& data) {
    return refusal(
        [&] { trial::session("model: text_classifier\ndata: " + data + "\ntrain: {steps: 1}\n", all()); });
  };
  CHECK(says("xor").find("'xor' has no texts") != std::string::npos);
  CHECK(says("copy").find("'copy' has no texts") != std::string::npos);
  CHECK(refusal([] { trial::session("model: mlp\ndata: reviews\ntrain: {steps: 1}\n", all()); }) ==
        "data: 'reviews' has texts, rows of words; text_classifier reads them, this does not");
  const Scratch scratch;
  std::filesystem::create_directories(scratch / "only");
  for (int i = 0; i < 5; ++i) write_bytes(scratch / ("only/" + std::to_string(i)), "good film");
  CHECK(says("{name: texts, batch_size: 1, path: " + scratch.folder.string() + "}")
            .find("one class, the folder 'only'") != std::string::npos);
}

}  // namespace tests::text_classifiers
