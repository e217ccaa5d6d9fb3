// Lines of words: a text so small that a model learns it by heart, as in the language model of DTU's course
// 02456 (1,000 lines of ten words).
#pragma once

#include <string>

#include "core/options.h"
#include "training/data/all.h"

namespace training::data {

// The first `words` words, apart from each other by blanks, of lines that have as many, in an order drawn by
// `seed`: as inputs all but the last, as targets all but the first. A symbol is a word with a blank before
// it; the vocabulary is that of the lines to learn from, and `unknown` for the others' words.
struct Lines {
  std::string file = "/usr/share/games/fortunes";
  int64_t words = 10, train_size = 1000, valid_size = 100, test_size = 100, seed = 0;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
