// Reviews of two clauses, of which one counts: what each word says depends on where it stands.
#pragma once

#include <string>

#include "core/options.h"
#include "core/random.h"
#include "training/data/all.h"
#include "training/data/densities.h"

namespace training::data {

// "the food is not very good but the view is superb": each clause has a noun, an adjective that praises or
// blames, half of them a "not", some an adverb. What comes after "but", or without "although" before it, is
// the verdict: the class, 0 (bad) or 1 (good), each as likely. Whoever knows the words and not their order is
// right in 5 of 8 reviews at best. Rows of numbers of words (training/data/words.h).
struct Reviews {
  SplitSizes sizes{.train_size = 10000, .test_size = 1000};

  void fields(core::Fields& f) { sizes.fields(f); }
  Data load() const;
};

struct Review {
  std::string text;
  bool good = false;
};
Review drawn_review(core::Pcg64& random);

}  // namespace training::data
