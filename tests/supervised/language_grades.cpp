// Language models held against what their sources know, the words of a vocabulary, and chances to draw by.
#include <algorithm>
#include <cmath>
#include <map>

#include "supervised/all.h"
#include "supervised/sequence/language_grades.h"
#include "supervised/sequence/sampling.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/compat.h"
#include "training/data/grammars.h"

using supervised::all;
using torch::Tensor;

TEST_CASE("temperature, the likeliest and the nucleus leave the right chances", "[supervised][language]") {
  const Tensor logits = torch::tensor({1.0, 4.0, 2.0, 8.0, 1.0}, torch::kFloat64).log();  // of 16
  const auto chances = [&](const supervised::Sampling& sampling) {
    const auto [p, which] = supervised::choices(logits, sampling);
    return torch::zeros({5}, torch::kFloat64).scatter(0, which, p);
  };
  const auto is = [](const Tensor& p, const std::vector<double>& right) {
    return torch::allclose(p, torch::tensor(right, torch::kFloat64), 0, 1e-12);
  };
  CHECK(is(chances({}), {1.0 / 16, 4.0 / 16, 2.0 / 16, 8.0 / 16, 1.0 / 16}));
  CHECK(is(chances({.temperature = 0.5}), {1.0 / 86, 16.0 / 86, 4.0 / 86, 64.0 / 86, 1.0 / 86}));
  CHECK(is(chances({.temperature = 0}), {0, 0, 0, 1, 0}));
  CHECK(is(chances({.top_k = 2}), {0, 4.0 / 12, 0, 8.0 / 12, 0}));
  CHECK(is(chances({.top_p = 0.6}),
           {0, 4.0 / 12, 0, 8.0 / 12, 0}));  // the half is not enough, three quarters are
  CHECK(is(chances({.top_p = 0.45}), {0, 0, 0, 1, 0}));
  CHECK(is(chances({.top_p = 0}), {0, 0, 0, 1, 0}));
  CHECK(is(chances({.top_k = 3, .top_p = 0.8}), {0, 4.0 / 12, 0, 8.0 / 12, 0}));  // of the three, 14
  torch::manual_seed(1);
  std::vector<int64_t> count(5);
  for (int draw = 0; draw < 3000; ++draw) ++count[size_t(supervised::draw(logits, {.top_p = 0.6}))];
  CHECK(count[0] + count[2] + count[4] == 0);
  CHECK(double(count[3]) / 3000 == Approx(2.0 / 3).margin(0.04));
}

TEST_CASE("a vocabulary of words is kept whole, and a strange word is named", "[supervised][language]") {
  const Scratch scratch;
  write_bytes(scratch / "x.txt", "the old dog\nthe old cat\na red fox\none two three\n");
  const std::string yaml = "model: lstm\ndata: {name: lines, file: " + (scratch / "x.txt").string() +
                           ", words: 3, train_size: 2, valid_size: 1, test_size: 1, batch_size: 2}\n"
                           "train: {steps: 1}\n";
  auto run = trial::session(yaml, all(), {"data.seed=0"}),
       same = trial::session(yaml, all(), {"data.seed=0"}),
       other = trial::session(yaml, all(), {"data.seed=1"});
  const auto vocabulary = [](training::Session& session, core::Archive& archive) {
    for (const auto& state : session.registry.states)
      if (state.path == "/buffers/vocabulary") state.archive(archive);
  };
  core::Archive saved;
  vocabulary(run, saved);
  CHECK(saved.blobs().count("bytes") == 1);
  const auto restored = [&](training::Session& session) {
    core::Archive archive(saved.blobs());
    return refusal([&] { vocabulary(session, archive); });
  };
  CHECK(restored(same).empty());
  CHECK(restored(other).find("vocabulary of another checkpoint") == 0);
  CHECK(refusal([&] { run.sample(3, 1, {.prompt = "zebra"}); }).find("prompt: 'zebra' is none of the ") == 0);
  const auto archived =
      std::string(saved.blobs().at("symbols").begin() + 1, saved.blobs().at("symbols").end());
  const std::string word = archived.substr(0, archived.find(' '));
  CHECK(run.sample(3, 1, {.prompt = word}).pictures[0].text.substr(0, word.size() + 1) == word + " ");
}

TEST_CASE("perplexity and bits are the loss, and a source's own model has no gap", "[supervised][language]") {
  for (const std::string data : {"anbn", "dyck, test_size: 200", "ndfa, test_size: 200"}) {
    auto run = trial::session("model: lstm\ndata: {name: " + data + "}\nnet: {width: 4}\ntrain: {steps: 1}\n",
                              all());
    auto grades = trial::grades(run);
    CHECK(grades["test/perplexity"] == Approx(std::exp(grades["test/loss"])));
    CHECK(grades["test/bits"] * std::log(2) == Approx(grades["test/loss"]));
    CHECK(grades["test/gap"] > 0.1);
    CHECK(grades["test/grammatical"] < 0.5);
  }
}

// A model that knows all sentences of a source and how likely each is.
static supervised::LogProbabilities knowing(const std::map<std::string, double>& sentences,
                                            const std::vector<std::string>& symbols) {
  const auto number = [=](const std::string& letter) {
    return std::find(symbols.begin(), symbols.end(), letter) - symbols.begin();
  };
  return [=](const Tensor& inputs) {
    const Tensor p = torch::full({inputs.size(0), inputs.size(1), std::ssize(symbols)}, 1e-30);
    for (int64_t b = 0; b < inputs.size(0); ++b) {
      std::string read;
      for (int64_t t = 0; t < inputs.size(1); ++t) {
        if (t > 0) read += symbols[size_t(inputs[b][t].item<int64_t>())];
        for (const auto& [sentence, chance] : sentences)
          if (sentence.starts_with(read))
            p[b][t][sentence == read ? 0 : number(sentence.substr(read.size(), 1))] += chance;
      }
    }
    return (p / p.sum(2, true)).log();
  };
}

TEST_CASE("a model that knows the source has no gap, and draws its sentences alone",
          "[supervised][language]") {
  training::data::Ndfa task;
  task.sizes = {.train_size = 20, .test_size = 40};
  task.repeats = 3;
  const training::data::Data data = task.load();
  const auto knows = knowing(task.sentences(), data.train.classes);
  std::map<std::string, double> grades;
  training::Eval eval({.split = training::Split::test},
                      {[&](const std::string& metric, double value) { grades[metric] = value; }, {}},
                      training::make_generator(1));
  supervised::evaluate_language(eval, knows, data, torch::kCPU);
  CHECK(grades["test/gap"] == Approx(0).margin(1e-5));
  CHECK(grades["test/grammatical"] == 1);
}

TEST_CASE("a character costs what its bytes cost, whatever a symbol is",
          "[supervised][language][byte_pairs]") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 300; ++i) text += "caf\u00e9 " + std::to_string(i % 7) + "\n";
  write_bytes(scratch / "x.txt", text);
  const auto grades = [&](const std::string& tokens) {
    const std::string yaml = "model: ngram\ndata: {name: text, file: " + (scratch / "x.txt").string() +
                             ", merges: 9, block: 10, stride: 10, batch_size: 4, tokens: " + tokens +
                             "}\ntrain: {steps: 1}\n";
    auto run = trial::session(yaml, all());
    return trial::grades(run);  // nothing is counted: all symbols are as likely
  };
  CHECK(grades("characters").count("test/per_character") == 0);
  auto bytes = grades("bytes"), pairs = grades("byte_pairs");
  CHECK(bytes["test/loss"] == Approx(std::log(256)));
  CHECK(bytes["test/per_character"] ==
        Approx(std::log(256) * 8 / 7).epsilon(0.02));  // of 7 characters one has two bytes
  CHECK(pairs["test/loss"] == Approx(std::log(265)));
  CHECK(pairs["test/per_character"] < 0.7 * bytes["test/per_character"]);
}

TEST_CASE("a masked model has gaps between words, characters and bytes", "[supervised][bert][byte_pairs]") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 100; ++i) text += "the cat sat_ ";
  write_bytes(scratch / "x.txt", text);
  for (const std::string tokens : {"characters", "bytes", "byte_pairs"}) {
    auto run = trial::session("model: bert\ndata: {name: text, file: " + (scratch / "x.txt").string() +
                                  ", tokens: " + tokens +
                                  ", merges: 5, block: 12, batch_size: 4}\nnet: {layers: 1, width: 8}\n"
                                  "train: {steps: 1}\n",
                              all());
    const std::string shown = run.sample(8, 1, {.prompt = "a_t the_"}).pictures[0].text;
    CHECK(shown.substr(0, 9) == "a_t the_\n");
    CHECK(refusal([&] { run.sample(8, 1, {.prompt = ""}); }) ==
          "prompt: expected a text to fill, found none");
  }
}
