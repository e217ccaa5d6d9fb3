// Questions with one right answer each, symbol by symbol: rows of a question, '>', the answer and a newline
// (symbol 0), filled up with newlines. Only the answer and its newline count, which leaves nothing uncertain:
// the entropy is 0. A language model goes on from '>'; an encoder and decoder read the one and write the
// other.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

using Symbols = std::vector<std::string>;

// Symbols of a question and of its answer, as parts of the vocabulary.
struct Question {
  Symbols asked, answer;
};

using Ask = std::function<Question(core::Pcg64& random)>;

// What rows are made of: the vocabulary, newline first, the sign between question and answer, and the most
// symbols of a question and of an answer with its newline.
struct QuestionForm {
  Symbols symbols;
  std::string separator;
  int64_t asked, answer;
};
Data questions(const SplitSizes& sizes, const QuestionForm& form, const Ask& ask);

// Numbers from the names of their digits: "three one four" is 314. After a lab of DTU's course 02456 (2017).
struct SpelledDigits {
  int64_t shortest = 5, longest = 10;
  SplitSizes sizes{.train_size = 10000, .test_size = 1000};

  void fields(core::Fields& f);
  Data load() const;
};

// Sums of two whole numbers below 10^digits, each as likely: "123+456" is 579 (Zaremba & Sutskever 2014).
struct Addition {
  int64_t digits = 3;
  bool padded = false, reversed = false;
  SplitSizes sizes{.train_size = 50000, .test_size = 1000};

  void fields(core::Fields& f);
  Data load() const;

  Question question(int64_t a, int64_t b) const;
};

}  // namespace training::data
