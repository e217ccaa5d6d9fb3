#include "training/data/reviews.h"

#include <array>
#include <vector>

#include "training/data/words.h"

namespace training::data {

namespace {

constexpr int64_t longest_review = 15;  // words: "although", two clauses of six, the comma; one to spare

constexpr std::array reviewed{"food", "service", "music", "story", "cast", "view", "room", "price"};
constexpr std::array praises{"good", "great", "lovely", "superb", "charming", "fine"};
constexpr std::array blames{"bad", "awful", "dull", "poor", "dreadful", "boring"};
constexpr std::array degrees{"", "very ", "quite ", "really "};

template <size_t n>
std::string drawn_from(const std::array<const char*, n>& words, core::Pcg64& random) {
  return words[size_t(random.integers(0, int64_t(n)))];
}

Review drawn_clause(core::Pcg64& random) {
  const bool praise = random.integers(0, 2) == 1, negated = random.integers(0, 2) == 1;
  std::string text = "the " + drawn_from(reviewed, random) + (negated ? " is not " : " is ");
  text += drawn_from(degrees, random);
  text += praise ? drawn_from(praises, random) : drawn_from(blames, random);
  return {text, praise != negated};
}

std::vector<std::string> vocabulary_of_reviews() {
  WordList words = words_in("the is not but although ,");
  const auto add = [&](const auto& table) {
    for (const char* word : table)
      for (const std::string& plain : words_in(word)) words.push_back(plain);
  };
  add(reviewed), add(praises), add(blames), add(degrees);
  return word_symbols({words}, std::ssize(words));
}

}  // namespace

Review drawn_review(core::Pcg64& random) {
  const Review verdict = drawn_clause(random), other = drawn_clause(random);
  switch (random.integers(0, 3)) {
    case 0:
      return {other.text + " but " + verdict.text, verdict.good};
    case 1:
      return {"although " + other.text + ", " + verdict.text, verdict.good};
    default:
      return {verdict.text + " although " + other.text, verdict.good};
  }
}

Data Reviews::load() const {
  sizes.require(longest_review + 1);
  const std::vector<std::string> symbols = vocabulary_of_reviews();
  Data data = sizes.parts([symbols](int64_t rows, uint64_t seed) {
    core::Pcg64 random(seed);
    std::vector<WordList> texts;
    std::vector<int64_t> classes;
    for (int64_t row = 0; row < rows; ++row) {
      const Review review = drawn_review(random);
      texts.push_back(words_in(review.text));
      classes.push_back(review.good);
    }
    return Dataset(word_numbers(texts, symbols, longest_review), torch::tensor(classes), {"bad", "good"});
  });
  data.words = symbols;
  return data;
}

}  // namespace training::data
