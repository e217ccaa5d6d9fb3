// The two vocabularies, the grammar, and the rules between them.
#include "training/data/translation.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

#include "core/error.h"

namespace training::data {
namespace {

// A noun with its gender, and words with a form for either.
struct Noun {
  const char *english, *own;
  int gender;
};
struct Adjective {
  const char* english;
  std::array<const char*, 2> own;
};
struct Word {
  const char *english, *own;
};

constexpr std::array nouns{Noun{"dog", "brun", 0},   Noun{"cat", "mila", 1},     Noun{"horse", "tordo", 0},
                           Noun{"bird", "pica", 1},  Noun{"fox", "selva", 1},    Noun{"wolf", "garm", 0},
                           Noun{"king", "rodar", 0}, Noun{"queen", "rodira", 1}, Noun{"child", "nelo", 0},
                           Noun{"nurse", "amara", 1}};
constexpr std::array articles{Adjective{"the", {"on", "ona"}}, Adjective{"a", {"ut", "uta"}},
                              Adjective{"every", {"som", "soma"}}};
constexpr std::array adjectives{
    Adjective{"old", {"veker", "vekera"}},  Adjective{"young", {"jun", "juna"}},
    Adjective{"red", {"rubel", "rubela"}},  Adjective{"small", {"pet", "peta"}},
    Adjective{"wise", {"sagor", "sagora"}}, Adjective{"quick", {"velt", "velta"}}};
constexpr std::array verbs{Word{"sees", "vidat"}, Word{"loves", "karat"}, Word{"hunts", "dopat"},
                           Word{"follows", "sekat"}, Word{"calls", "vokat"}};
constexpr std::array adverbs{Word{"today", "hod"}, Word{"often", "saep"}, Word{"never", "nim"}};

template <class Table>
const typename Table::value_type& one_of(const Table& table, core::Pcg64& random) {
  return table[size_t(random.integers(0, std::ssize(table)))];
}

template <class Table>
const typename Table::value_type* found_in(const Table& table, const std::string& word) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return word == row.english; });
  return found == table.end() ? nullptr : &*found;
}

// Article, adjective or none, noun.
void speak_of_something(Symbols& sentence, core::Pcg64& random) {
  sentence.emplace_back(one_of(articles, random).english);
  const int64_t adjective = random.integers(0, std::ssize(adjectives) + 1);
  if (adjective > 0) sentence.emplace_back(adjectives[size_t(adjective - 1)].english);
  sentence.emplace_back(one_of(nouns, random).english);
}

Symbols drawn_sentence(core::Pcg64& random) {
  Symbols sentence;
  speak_of_something(sentence, random);
  sentence.emplace_back(one_of(verbs, random).english);
  speak_of_something(sentence, random);
  const int64_t adverb = random.integers(0, std::ssize(adverbs) + 1);
  if (adverb > 0) sentence.emplace_back(adverbs[size_t(adverb - 1)].english);
  return sentence;
}

// The words from `first` on up to a noun, which is named before its adjective. Returns where they end.
size_t translate_something(const Symbols& sentence, size_t first, Symbols& to) {
  size_t last = first;
  while (last < sentence.size() && !found_in(nouns, sentence[last])) ++last;
  core::check(last < sentence.size(), "translation: no noun from word {} on", first + 1);
  const Noun& noun = *found_in(nouns, sentence[last]);
  const auto gender = size_t(noun.gender);
  const Adjective* article = found_in(articles, sentence[first]);
  core::check(article, "translation: '{}' is no article", sentence[first]);
  to.emplace_back(article->own[gender]);
  to.emplace_back(noun.own);
  if (last - first == 2) {
    const Adjective* adjective = found_in(adjectives, sentence[first + 1]);
    core::check(adjective, "translation: '{}' is no adjective", sentence[first + 1]);
    to.emplace_back(adjective->own[gender]);
  }
  return last + 1;
}

Symbols translation_of(const Symbols& sentence) {
  Symbols to;
  const Word* adverb = found_in(adverbs, sentence.back());
  if (adverb) to.emplace_back(adverb->own);
  const size_t verb_at = translate_something(sentence, 0, to);
  const Word* verb = verb_at < sentence.size() ? found_in(verbs, sentence[verb_at]) : nullptr;
  core::check(verb, "translation: no verb behind the first noun");
  translate_something(sentence, verb_at + 1, to);
  to.emplace_back(verb->own);
  return to;
}

Symbols as_words(const Symbols& plain) {
  Symbols words;
  for (const std::string& word : plain) words.push_back(" " + word);
  return words;
}

Symbols words_of_both_languages() {
  Symbols words;
  for (const Noun& noun : nouns) words.insert(words.end(), {noun.english, noun.own});
  for (const auto& table : {std::vector<Adjective>(articles.begin(), articles.end()),
                            std::vector<Adjective>(adjectives.begin(), adjectives.end())})
    for (const Adjective& word : table) words.insert(words.end(), {word.english, word.own[0], word.own[1]});
  for (const Word& word : verbs) words.insert(words.end(), {word.english, word.own});
  for (const Word& word : adverbs) words.insert(words.end(), {word.english, word.own});
  return words;
}

}  // namespace

Data Translation::load() const {
  Symbols symbols{"\n", " >"};
  for (const std::string& word : as_words(words_of_both_languages())) symbols.push_back(word);
  return questions(sizes, {symbols, " >", 8, 9}, [](core::Pcg64& random) {
    const Symbols sentence = drawn_sentence(random);
    return Question{as_words(sentence), as_words(translation_of(sentence))};
  });
}

std::string translated(const std::string& sentence) {
  std::istringstream text(sentence);
  Symbols words;
  for (std::string word; text >> word;) words.push_back(word);
  core::check(!words.empty(), "translation: expected a sentence, found none");
  std::string all;
  for (const std::string& word : translation_of(words)) all += (all.empty() ? "" : " ") + word;
  return all;
}

}  // namespace training::data
