// Brackets by their grammar, repeated words by their automaton.
#include "training/data/grammars.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/random.h"
#include "training/data/sequences.h"

namespace training::data {
namespace {

constexpr const char* brackets = "()[]{}<>";

// Of kind k: symbols 1 + 2 k, which opens, and 2 + 2 k.
bool matching(const std::vector<int64_t>& symbols) {
  std::vector<int64_t> open;
  for (const int64_t symbol : symbols) {
    if (symbol % 2 == 1) {
      open.push_back(symbol);
    } else {
      if (open.empty() || open.back() != symbol - 1) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

// The index that a number u of [0, 1) falls to.
int64_t chosen(const std::vector<double>& chances, double u) {
  int64_t k = 0;
  while (k + 1 < std::ssize(chances) && u >= chances[size_t(k)]) u -= chances[size_t(k++)];
  return k;
}

double entropy_of(const std::map<std::string, double>& chances) {
  double entropy = 0;
  for (const auto& [sentence, p] : chances) entropy -= p * std::log(p);
  return entropy;
}

std::string repeated(const std::string& word, int64_t times) {
  std::string all;
  for (int64_t k = 0; k < times; ++k) all += word;
  return all;
}

void add_surprise(Dataset& set, const std::vector<double>& surprise) {
  set.rows.set(column::surprise, torch::tensor(surprise, torch::kFloat64));
}

// Newline, then the letters that occur.
std::vector<std::string> letters_of(const std::vector<std::string>& words) {
  std::set<char> letters;
  for (const std::string& word : words) letters.insert(word.begin(), word.end());
  std::vector<std::string> symbols{"\n"};
  for (const char letter : letters) symbols.emplace_back(1, letter);
  return symbols;
}

std::vector<int64_t> numbers_of(const std::string& sentence, const std::vector<std::string>& symbols) {
  std::vector<int64_t> numbers;
  for (const char letter : sentence)
    numbers.push_back(std::find(symbols.begin(), symbols.end(), std::string(1, letter)) - symbols.begin());
  return numbers;
}

}  // namespace

void Dyck::fields(core::Fields& f) {
  f.add("kinds", kinds, "Kinds of brackets: ( ), [ ], { }, < >", {.min = 1, .max = 4});
  f.add("pairs", pairs, "Most pairs of brackets in a sentence", {.min = 1, .max = 1000});
  f.add("open", open, "Chance that a bracket is opened where one could also be closed or the sentence ended",
        {.min = 0.001, .max = 0.999});
  sizes.fields(f);
}

// The n-th Catalan number times open^n (1 - open)^(n + 1), over what those of 1 .. pairs pairs are together.
std::vector<double> Dyck::chances() const {
  std::vector<double> p{1};
  for (int64_t n = 1; n <= pairs; ++n)
    p.push_back(p.back() * 2 * double(2 * n - 1) / double(n + 1) * open * (1 - open));
  p[0] = 0;
  const double all = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& chance : p) chance /= all;
  return p;
}

std::vector<double> Dyck::surprises() const {
  const std::vector<double> p = chances();
  double ln_sentences = 0;  // of n pairs
  std::vector<double> nats{0};
  for (int64_t n = 1; n <= pairs; ++n) {
    ln_sentences += std::log(double(kinds) * 2 * double(2 * n - 1) / double(n + 1));
    nats.push_back(ln_sentences - std::log(p[size_t(n)]));
  }
  return nats;
}

// Empty and too long ones, too.
std::vector<int64_t> Dyck::draw_any(core::Pcg64& random) const {
  std::vector<int64_t> sentence, unclosed;
  while (std::ssize(sentence) <= 2 * pairs) {
    if (random.random() < open) {
      unclosed.push_back(1 + 2 * random.integers(0, kinds));
      sentence.push_back(unclosed.back());
    } else {
      if (unclosed.empty()) break;
      sentence.push_back(unclosed.back() + 1);
      unclosed.pop_back();
    }
  }
  return sentence;
}

std::vector<int64_t> Dyck::draw(core::Pcg64& random) const {
  while (true) {
    std::vector<int64_t> sentence = draw_any(random);
    if (!sentence.empty() && std::ssize(sentence) <= 2 * pairs) return sentence;
  }
}

Dataset Dyck::draw_rows(int64_t rows, uint64_t seed, const std::vector<std::string>& symbols) const {
  core::Pcg64 random(seed);
  Dataset set = blank_sentences(rows, 2 * pairs, symbols);
  const std::vector<double> of_pairs = surprises();
  std::vector<double> of_row;
  for (int64_t row = 0; row < rows; ++row) {
    const std::vector<int64_t> sentence = draw(random);
    write_sentence(set, row, sentence);
    of_row.push_back(of_pairs[sentence.size() / 2]);
  }
  add_surprise(set, of_row);
  return set;
}

Data Dyck::load() const {
  sizes.require(4 * pairs + 3);
  std::vector<std::string> symbols{"\n"};
  for (int64_t k = 0; k < 2 * kinds; ++k) symbols.emplace_back(1, brackets[k]);
  Data data = sizes.parts(
      [task = *this, symbols](int64_t rows, uint64_t seed) { return task.draw_rows(rows, seed, symbols); });
  const std::vector<double> p = chances(), nats = surprises();
  data.entropy = std::inner_product(p.begin(), p.end(), nats.begin(), 0.0);
  data.grammatical = matching;
  return data;
}

void Ndfa::fields(core::Fields& f) {
  f.add("words", words,
        "What is repeated: words of one or more ASCII letters, one of which makes a sentence");
  f.add("repeats", repeats, "How often a word stands in a sentence at most", {.min = 1, .max = 1000});
  f.add("stop", stop, "Chance that the sentence ends after a word", {.min = 0.001, .max = 1});
  sizes.fields(f);
}

std::vector<double> Ndfa::chances() const {
  std::vector<double> p;
  for (int64_t n = 0; n < repeats; ++n) p.push_back(stop * std::pow(1 - stop, double(n)));
  const double all = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& chance : p) chance /= all;
  return p;
}

std::map<std::string, double> Ndfa::sentences() const {
  const std::vector<double> times = chances();
  std::map<std::string, double> all;
  for (const std::string& word : words)
    for (int64_t n = 1; n <= repeats; ++n)
      if (times[size_t(n - 1)] > 0) all[repeated(word, n)] += times[size_t(n - 1)] / double(words.size());
  return all;
}

void Ndfa::check_words() const {
  core::check(!words.empty(), "data.words: expected one or more words, found none");
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  for (const std::string& word : words)
    core::check(!word.empty() && std::all_of(word.begin(), word.end(), letter),
                "data.words: expected words of letters a-z, A-Z, found '{}'", word);
}

Dataset Ndfa::draw_rows(int64_t rows, uint64_t seed) const {
  core::Pcg64 random(seed);
  Dataset set = blank_sentences(rows, longest(), letters_of(words));
  const auto known = sentences();
  const std::vector<double> times = chances();
  std::vector<double> of_row;
  for (int64_t row = 0; row < rows; ++row) {
    const std::string& word = words[size_t(random.integers(0, std::ssize(words)))];
    const std::string sentence = repeated(word, 1 + chosen(times, random.random()));
    write_sentence(set, row, numbers_of(sentence, set.classes));
    of_row.push_back(-std::log(known.at(sentence)));
  }
  add_surprise(set, of_row);
  return set;
}

int64_t Ndfa::longest() const {
  size_t letters = 0;
  for (const std::string& word : words) letters = std::max(letters, word.size());
  return repeats * static_cast<int64_t>(letters);
}

Data Ndfa::load() const {
  check_words();
  sizes.require(2 * longest() + 3);
  Data data = sizes.parts([task = *this](int64_t rows, uint64_t seed) { return task.draw_rows(rows, seed); });
  data.entropy = entropy_of(sentences());
  data.grammatical = [all = words, symbols = data.train.classes](const std::vector<int64_t>& numbers) {
    std::string sentence;
    for (const int64_t number : numbers) sentence += symbols[size_t(number)];
    return accepts(all, sentence);
  };
  return data;
}

bool accepts(const std::vector<std::string>& words, const std::string& sentence) {
  using State = std::pair<size_t, size_t>;  // which word, and how many of its letters were read
  std::set<State> states;
  for (size_t w = 0; w < words.size(); ++w) states.insert({w, 0});
  for (const char letter : sentence) {
    std::set<State> next;
    for (const auto& [w, read] : states) {
      const size_t at = read % words[w].size();  // behind its end a word begins again
      if (words[w][at] == letter) next.insert({w, at + 1});
    }
    states = next;
  }
  return std::any_of(states.begin(), states.end(),
                     [&](const State& s) { return s.second == words[s.first].size(); });
}

}  // namespace training::data
