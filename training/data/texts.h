// Your own texts, in a folder for each class, as the reviews of IMDb lie (Maas et al. 2011).
#pragma once

#include <string>

#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

// Rows of numbers of words (training/data/words.h), classes named by their folders; the vocabulary is that of
// what is learned from. `path` has a folder for each class, or two, train and test, of which each has them.
struct Texts {
  std::string path, test_path;
  int64_t words = 20000, longest = 200;
  double test_share = 0.2;
  Holdout holdout;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
