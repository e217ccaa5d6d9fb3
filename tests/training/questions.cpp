// Questions and their answers: what is asked, what counts, and that the answer is right.
#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/questions.h"
#include "training/data/sequences.h"
#include "training/data/translation.h"

using namespace training::data;
using torch::Tensor;

namespace tests::questions {

static SplitSizes drawn(int64_t rows) { return {.train_size = rows, .test_size = 20}; }

struct Asked {
  std::string question, answer;
};

// Row i as text: inputs up to the sign before the answer, and the targets that count.
static Asked asked(const training::Dataset& set, int64_t i) {
  Asked row;
  const Tensor input = set.inputs()[i], target = set.targets()[i];
  for (int64_t t = 0; t < input.size(0); ++t) {
    if (row.answer.empty()) row.question += set.classes[size_t(input[t].item<int64_t>())];
    const auto wanted = target[t].item<int64_t>();
    if (wanted != ignored) row.answer += set.classes[size_t(wanted)];
    if (wanted != ignored && t + 1 < input.size(0) && wanted != 0)
      CHECK(input[t + 1].item<int64_t>() == wanted);  // what was written is read
  }
  return row;
}

static std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

TEST_CASE("spelled digits are answered by their number", "[training][data]") {
  const std::map<std::string, std::string> digits{{"zero", "0"},  {"one", "1"},  {"two", "2"}, {"three", "3"},
                                                  {"four", "4"},  {"five", "5"}, {"six", "6"}, {"seven", "7"},
                                                  {"eight", "8"}, {"nine", "9"}};
  const Data data = SpelledDigits{.shortest = 2, .longest = 4, .sizes = drawn(300)}.load();
  CHECK(*data.entropy == 0);
  std::set<size_t> lengths;
  for (int64_t i = 0; i < 300; ++i) {
    const auto [question, answer] = asked(data.train, i);
    REQUIRE(question.back() == '>');
    std::string number;
    for (const std::string& word : words_of(question.substr(0, question.size() - 1)))
      number += digits.at(word);
    CHECK(answer == number + "\n");
    lengths.insert(number.size());
  }
  CHECK(lengths == std::set<size_t>{2, 3, 4});
  CHECK(refusal([] { SpelledDigits{.shortest = 5, .longest = 4}.load(); }) ==
        "data.shortest: expected at most data.longest = 4, found 5");
}

TEST_CASE("sums are right, in either direction, with and without zeros", "[training][data]") {
  for (const bool padded : {false, true})
    for (const bool reversed : {false, true}) {
      const Data data =
          Addition{.digits = 3, .padded = padded, .reversed = reversed, .sizes = drawn(100)}.load();
      for (int64_t i = 0; i < 100; ++i) {
        auto [question, answer] = asked(data.train, i);
        answer.pop_back();
        if (padded) CHECK((question.size() == 8 && answer.size() == 4));
        if (reversed) std::reverse(answer.begin(), answer.end());
        const size_t plus = question.find('+');
        CHECK(std::stoi(question.substr(0, plus)) + std::stoi(question.substr(plus + 1)) ==
              std::stoi(answer));
        if (!padded) CHECK(std::to_string(std::stoi(answer)) == answer);
      }
    }
}

TEST_CASE("translations follow gender, order and the adverb", "[training][data]") {
  CHECK(translated("the old dog sees a cat") == "on brun veker uta mila vidat");
  CHECK(translated("every wise queen calls the red fox never") ==
        "nim soma rodira sagora ona selva rubela vokat");
  CHECK(refusal([] { translated("the old sees"); }) == "translation: no noun from word 1 on");
  const Data data = Translation{.sizes = drawn(200)}.load();
  for (int64_t i = 0; i < 200; ++i) {
    const auto [question, answer] = asked(data.train, i);
    CHECK(answer == " " + translated(question.substr(0, question.size() - 2)) + "\n");
  }
  std::set<std::string> known(data.train.classes.begin(), data.train.classes.end());
  CHECK(known.size() == data.train.classes.size());  // no symbol twice
}

TEST_CASE("a row holds the longest question and answer, and no more", "[training][data]") {
  const Data data = Translation{.sizes = drawn(5)}.load();
  CHECK(data.train.inputs().size(1) == 17);  // a question of 8 words, the sign, an answer of 8
}

}  // namespace tests::questions
