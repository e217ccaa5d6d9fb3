// Formal languages: every sentence there can be, its probability, and whether the language holds it.
#include <cmath>
#include <map>
#include <regex>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/grammars.h"
#include "training/data/sequences.h"

using namespace training::data;
using torch::Tensor;

namespace tests::grammars {

static SplitSizes drawn(int64_t rows) { return {.train_size = rows, .test_size = 20}; }

static std::vector<int64_t> sentence_of(const Tensor& target) {
  std::vector<int64_t> symbols;
  for (int64_t t = 0; target[t].item<int64_t>() > 0; ++t) symbols.push_back(target[t].item<int64_t>());
  return symbols;
}

// All sequences of 1 .. longest symbols 1 .. V that are in the language.
static std::vector<std::vector<int64_t>> enumerated(const Data& data, int64_t longest, int64_t V) {
  std::vector<std::vector<int64_t>> found, level{{}};
  for (int64_t length = 1; length <= longest; ++length) {
    std::vector<std::vector<int64_t>> next;
    for (const auto& start : level)
      for (int64_t symbol = 1; symbol <= V; ++symbol) {
        next.push_back(start);
        next.back().push_back(symbol);
        if (data.grammatical(next.back())) found.push_back(next.back());
      }
    level = next;
  }
  return found;
}

TEST_CASE("the sentences of brackets are counted by Catalan's numbers, and their chances sum to one",
          "[training][data]") {
  for (const double open : {0.3, 0.45, 0.6}) {
    Dyck task{.kinds = 2, .pairs = 3, .open = open, .sizes = drawn(20)};
    const Data data = task.load();
    std::vector<int64_t> of_pairs(4);
    double sum = 0, entropy = 0;
    for (const auto& sentence : enumerated(data, 6, 4)) {
      const double nats = task.surprises()[sentence.size() / 2];
      ++of_pairs[sentence.size() / 2];
      sum += std::exp(-nats);
      entropy += std::exp(-nats) * nats;
    }
    CHECK(of_pairs == std::vector<int64_t>{0, 1 * 2, 2 * 4, 5 * 8});
    CHECK(sum == Approx(1).epsilon(1e-12));
    CHECK(*data.entropy == Approx(entropy).epsilon(1e-12));
    // By the grammar: ( ) costs an opening and two closings, (()) and ()() two and three.
    CHECK(task.chances()[2] / task.chances()[1] == Approx(2 * open * (1 - open)));
  }
}

TEST_CASE("brackets are drawn as often as their surprise says", "[training][data]") {
  Dyck task{.kinds = 1, .pairs = 3, .sizes = drawn(20000)};
  const Data data = task.load();
  std::map<std::vector<int64_t>, int64_t> count;
  for (int64_t row = 0; row < data.train.size(); ++row) {
    const auto sentence = sentence_of(data.train.targets()[row]);
    CHECK(data.grammatical(sentence));
    const double nats = data.train.rows[training::column::surprise][row].item<double>();
    CHECK(nats == Approx(task.surprises()[sentence.size() / 2]));
    ++count[sentence];
  }
  CHECK(count.size() == 1 + 2 + 5);
  for (const auto& [sentence, times] : count) {
    const double p = std::exp(-task.surprises()[sentence.size() / 2]);
    CHECK(double(times) / 20000 == Approx(p).margin(5 * std::sqrt(p / 20000)));
  }
}

TEST_CASE("brackets that do not match are not in the language", "[training][data]") {
  const Data data = Dyck{.kinds = 2, .sizes = drawn(20)}.load();  // 1 ( 2 ) 3 [ 4 ]
  CHECK(data.train.classes == std::vector<std::string>{"\n", "(", ")", "[", "]"});
  CHECK(data.grammatical({1, 3, 4, 2, 3, 4}));
  for (const std::vector<int64_t>& wrong :
       std::vector<std::vector<int64_t>>{{1}, {2}, {1, 4}, {1, 3, 2, 4}, {1, 2, 2}, {0}, {1, 0}})
    CHECK_FALSE(data.grammatical(wrong));
}

TEST_CASE("the automaton accepts what the regular expression does", "[training][data]") {
  const std::vector<std::string> words{"ab", "aba", "b"};
  const std::regex expression("(ab)+|(aba)+|b+");
  std::vector<std::string> level{""};
  int64_t accepted = 0;
  for (int64_t length = 0; length <= 9; ++length) {
    std::vector<std::string> next;
    for (const std::string& sentence : level) {
      const bool in = std::regex_match(sentence, expression);
      CHECK(accepts(words, sentence) == in);
      accepted += in;
      next.push_back(sentence + "a");
      next.push_back(sentence + "b");
    }
    level = next;
  }
  CHECK(accepted == 4 + 3 + 9);
}

TEST_CASE("sentences that two words make are as likely as both together", "[training][data]") {
  Ndfa task{.words = {"ab", "abab"}, .repeats = 2, .stop = 0.5, .sizes = drawn(4000)};
  const auto all = task.sentences();  // once 2/3, twice 1/3
  CHECK(all.size() == 3);
  CHECK(all.at("ab") == Approx(1.0 / 3));
  CHECK(all.at("abab") == Approx(1.0 / 2));
  CHECK(all.at("abababab") == Approx(1.0 / 6));
  const Data data = task.load();
  CHECK(*data.entropy == Approx(std::log(3) / 3 + std::log(2) / 2 + std::log(6) / 6));
  const Tensor& surprise = data.train.rows[training::column::surprise];
  CHECK(surprise.mean().item<double>() == Approx(*data.entropy).margin(0.03));
  for (int64_t row = 0; row < 50; ++row) CHECK(data.grammatical(sentence_of(data.train.targets()[row])));
}

TEST_CASE("words that are none are refused", "[training][data]") {
  const auto says = [](std::vector<std::string> words) {
    return refusal([&] { Ndfa{.words = words, .sizes = drawn(20)}.load(); });
  };
  CHECK(says({}) == "data.words: expected one or more words, found none");
  CHECK(says({"ab", ""}) == "data.words: expected words of letters a-z, A-Z, found ''");
  CHECK(says({"a b"}) == "data.words: expected words of letters a-z, A-Z, found 'a b'");
}

}  // namespace tests::grammars
