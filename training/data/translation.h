// Sentences and their translation by a grammar: questions whose answers are in another order and agree.
#pragma once

#include <string>

#include "core/options.h"
#include "training/data/questions.h"

namespace training::data {

// Sentences of a small English grammar, word by word, and the same in a made-up language in which articles
// and adjectives agree with the gender of their noun, adjectives follow it, the adverb begins and the verb
// ends. 882,000 sentences, each as likely.
struct Translation {
  SplitSizes sizes{.train_size = 20000, .test_size = 1000};

  void fields(core::Fields& f) { sizes.fields(f); }
  Data load() const;
};
// The translation of a sentence of that grammar; words that are apart by one blank.
std::string translated(const std::string& sentence);

}  // namespace training::data
