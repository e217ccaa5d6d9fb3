// Rows of questions and answers; spelled digits and sums.
#include "training/data/questions.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "training/data/sequences.h"

namespace training::data {
namespace {

int64_t number_of(const Symbols& symbols, const std::string& symbol) {
  const auto found = std::find(symbols.begin(), symbols.end(), symbol);
  core::check(found != symbols.end(), "no symbol '{}' in this vocabulary", symbol);
  return found - symbols.begin();
}

void write_question(Dataset& set, int64_t row, const Question& question, const QuestionForm& form) {
  std::vector<int64_t> whole;
  for (const std::string& symbol : question.asked) whole.push_back(number_of(form.symbols, symbol));
  whole.push_back(number_of(form.symbols, form.separator));
  for (const std::string& symbol : question.answer) whole.push_back(number_of(form.symbols, symbol));
  const int64_t T = set.inputs().size(1);
  int64_t* input = set.inputs().data_ptr<int64_t>() + row * T;
  int64_t* target = set.targets().data_ptr<int64_t>() + row * T + std::ssize(question.asked);
  std::copy(whole.begin(), whole.end(), input);
  *std::copy(whole.begin() + std::ssize(question.asked) + 1, whole.end(), target) = 0;
}

Dataset question_rows(const QuestionForm& form, const Ask& ask, int64_t rows, uint64_t seed) {
  core::Pcg64 random(seed);
  Dataset set = blank_sentences(rows, form.asked + form.answer - 1, form.symbols);
  for (int64_t row = 0; row < rows; ++row) write_question(set, row, ask(random), form);
  return set;
}

Symbols letters_in(const std::string& text) {
  Symbols letters;
  for (const char letter : text) letters.emplace_back(1, letter);
  return letters;
}

constexpr std::array digit_names{"zero", "one", "two",   "three", "four",
                                 "five", "six", "seven", "eight", "nine"};
constexpr int64_t longest_name = 5;

}  // namespace

Data questions(const SplitSizes& sizes, const QuestionForm& form, const Ask& ask) {
  sizes.require(2 * (form.asked + form.answer));
  Data data =
      sizes.parts([form, ask](int64_t rows, uint64_t seed) { return question_rows(form, ask, rows, seed); });
  data.entropy = 0;
  return data;
}

void SpelledDigits::fields(core::Fields& f) {
  f.add("shortest", shortest, "Fewest digits in a number", {.min = 1, .max = 1000});
  f.add("longest", longest, "Most digits in a number", {.min = 1, .max = 1000});
  sizes.fields(f);
}

static Question spelled(const SpelledDigits& task, core::Pcg64& random) {
  const int64_t digits = random.integers(task.shortest, task.longest + 1);
  std::string asked, answer;
  for (int64_t k = 0; k < digits; ++k) {
    const int64_t digit = random.integers(0, 10);
    asked += (k > 0 ? " " : "") + std::string(digit_names[size_t(digit)]);
    answer += std::to_string(digit);
  }
  return {letters_in(asked), letters_in(answer)};
}

Data SpelledDigits::load() const {
  core::check(shortest <= longest, "data.shortest: expected at most data.longest = {}, found {}", longest,
              shortest);
  const QuestionForm form{letters_in("\n 0123456789>efghinorstuvwxz"), ">", longest * (longest_name + 1) - 1,
                          longest + 1};
  return questions(sizes, form, [task = *this](core::Pcg64& random) { return spelled(task, random); });
}

void Addition::fields(core::Fields& f) {
  f.add("digits", digits, "Most digits of a number that is added", {.min = 1, .max = 17});
  f.add("padded", padded, "Numbers begin with zeros, so that all have as many digits");
  f.add("reversed", reversed, "The sum is written from its last digit on");
  sizes.fields(f);
}

Question Addition::question(int64_t a, int64_t b) const {
  const auto written = [&](int64_t number, int64_t width) {
    const std::string plain = std::to_string(number);
    const int64_t zeros = padded ? std::max<int64_t>(0, width - std::ssize(plain)) : 0;
    return std::string(size_t(zeros), '0') + plain;
  };
  std::string sum = written(a + b, digits + 1);
  if (reversed) std::reverse(sum.begin(), sum.end());
  return {letters_in(written(a, digits) + "+" + written(b, digits)), letters_in(sum)};
}

Data Addition::load() const {
  int64_t numbers = 1;
  for (int64_t k = 0; k < digits; ++k) numbers *= 10;
  return questions(sizes, {letters_in("\n+0123456789>"), ">", 2 * digits + 1, digits + 2},
                   [task = *this, numbers](core::Pcg64& random) {
                     const int64_t a = random.integers(0, numbers);
                     return task.question(a, random.integers(0, numbers));
                   });
}

}  // namespace training::data
