// Sequences whose distribution is known exactly: a language model's loss on them has an absolute floor, in
// nats per sequence (Data::entropy). Targets of -100 do not count.
#pragma once

#include "core/options.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// A target that no loss counts: what comes before an answer, or after the end.
inline constexpr int64_t ignored = -100;

// Rows for sentences of at most `longest` symbols: each begins and ends with a newline, symbol 0 of
// `symbols`, and is filled up with newlines that do not count.
Dataset blank_sentences(int64_t rows, int64_t longest, const std::vector<std::string>& symbols);
void write_sentence(Dataset& set, int64_t row, const std::vector<int64_t>& sentence);

// a^n b^n between two newlines (Gers & Schmidhuber 2001), n uniform on 1 .. longest: only n is uncertain, so
// that the entropy is ln(longest) a sequence. The training part holds every sequence equally often, the
// validation part draws n, the test holds every sequence once: no model's mean loss is below the floor there.
// Rows of 2 * longest + 1 symbols, filled up with newlines that do not count. What follows the first b is
// certain. Beyond are those of n = longest + 1 .. beyond, one of each.
struct Anbn {
  int64_t longest = 11, copies = 100;  // 11, 100: 1,100 rows to learn from
  int64_t valid_size = 100;
  std::optional<int64_t> beyond;

  void fields(core::Fields& f);
  Data load() const;

 private:
  Beyond longer() const;
};

// `length` letters out of the first `letters` of the alphabet, '>', and the letters again: the same (copy) or
// in alphabetical order (sort). Only the answer counts, which leaves nothing uncertain: the entropy is 0.
struct Letters {
  int64_t letters = 8, length = 6;
  SplitSizes sizes{.train_size = 5000, .test_size = 500};

  void fields(core::Fields& f);
  Data load(bool sorted) const;
};
struct Copy : Letters {
  Data load() const { return Letters::load(false); }
};
struct Sort : Letters {
  Data load() const { return Letters::load(true); }
};

}  // namespace training::data
