// Formal languages drawn from distributions that are known exactly: brackets that match (Dyck), and words
// that an automaton repeats. Of each row the source's own -ln p stands beside it (column "surprise"), their
// mean over all rows there can be is the entropy, and whether a sentence is in the language can be asked.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// Sentences of the grammar S -> "" | ( S ) S in `kinds` kinds of brackets (Dyck; Chomsky & Schutzenberger
// 1963), opened with chance `open` wherever there is a choice; empty ones and those of more than `pairs`
// pairs are drawn anew. How likely n pairs are goes as the n-th Catalan number times (open (1 - open))^n, and
// there are kinds^n times that number of such sentences, each as likely. Rows of 2 pairs + 1 symbols.
struct Dyck {
  int64_t kinds = 2, pairs = 12;
  double open = 0.45;
  SplitSizes sizes{.train_size = 5000, .test_size = 1000};

  void fields(core::Fields& f);
  Data load() const;

  // How likely a sentence has n = 0 .. pairs pairs, and the -ln p of each single one of them.
  std::vector<double> chances() const;
  std::vector<double> surprises() const;

 private:
  std::vector<int64_t> draw_any(core::Pcg64& random) const;
  std::vector<int64_t> draw(core::Pcg64& random) const;
  Dataset draw_rows(int64_t rows, uint64_t seed, const std::vector<std::string>& symbols) const;
};

// Sentences in which one word, each as likely, is repeated: (w1)+ | (w2)+ | ..., at most `repeats` times,
// after each of which the sentence ends with chance `stop`. Words that begin alike leave the automaton which
// reads them several states at once (NDFA; Rabin & Scott 1959).
struct Ndfa {
  std::vector<std::string> words{"abab", "abba", "aabb"};
  int64_t repeats = 5;
  double stop = 0.3;
  SplitSizes sizes{.train_size = 5000, .test_size = 1000};

  void fields(core::Fields& f);
  Data load() const;

  // Every sentence there can be, as text, and its probability.
  std::map<std::string, double> sentences() const;

 private:
  std::vector<double> chances() const;  // of 1 .. repeats times
  int64_t longest() const;              // letters in a sentence
  void check_words() const;
  Dataset draw_rows(int64_t rows, uint64_t seed) const;
};

// Whether the automaton of `words` accepts a sentence: it reads letter by letter, in all its states at once.
bool accepts(const std::vector<std::string>& words, const std::string& sentence);

}  // namespace training::data
