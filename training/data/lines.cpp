// Lines of a text as rows of words.
#include "training/data/lines.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "core/error.h"
#include "core/memory.h"
#include "core/random.h"
#include "training/data/loader.h"
#include "training/data/text.h"

namespace training::data {
namespace {

using Words = std::vector<std::string>;

// Lines of at least `count` words, cut behind them.
std::vector<Words> lines_of(const std::string& text, int64_t count) {
  std::vector<Words> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) {
    std::istringstream words(line);
    Words first;
    for (std::string word; std::ssize(first) < count && words >> word;) first.push_back(" " + word);
    if (std::ssize(first) == count) lines.push_back(first);
  }
  return lines;
}

std::string utf8_text(const std::string& file, std::string& note) {
  std::string text;
  for (const char32_t point : core::formats::read_text(file, note)) text += utf8(point);
  return text;
}

Dataset word_rows(const std::vector<Words>& lines, const std::map<std::string, int64_t>& numbers) {
  const auto T = static_cast<int64_t>(lines[0].size()) - 1;
  std::vector<int64_t> all;
  for (const Words& line : lines)
    for (const std::string& word : line) {
      const auto known = numbers.find(word);
      all.push_back(known == numbers.end() ? int64_t(numbers.size()) : known->second);
    }
  const torch::Tensor rows = torch::tensor(all, torch::kInt64).view({-1, T + 1});
  return {rows.narrow(1, 0, T).contiguous(), rows.narrow(1, 1, T).contiguous()};
}

}  // namespace

void Lines::fields(core::Fields& f) {
  f.add("file", file,
        "Text in UTF-8: a file, or a folder whose files are read in alphabetical order; a byte order mark is "
        "skipped, CR LF and CR are read as line ends",
        {.path = true});
  f.add("words", words, "Words that a line has at least, and of which it keeps as many",
        {.min = 2, .max = 10000});
  f.add("train_size", train_size, "Lines to learn from", {.min = 1, .max = 1e7});
  f.add("valid_size", valid_size, "Lines to choose by", {.min = 1, .max = 1e7});
  f.add("test_size", test_size, "Lines to be tested on", {.min = 1, .max = 1e7});
  f.add("seed", seed, "Of the order of the lines, of which the first are learned from", {.min = 0});
}

// Each word that is learned from, with its number in alphabetical order.
static std::map<std::string, int64_t> numbered_words(const std::vector<Words>& lines) {
  std::map<std::string, int64_t> numbers;
  for (const Words& line : lines)
    for (const std::string& word : line) numbers.emplace(word, 0);
  int64_t next = 0;
  for (auto& [word, number] : numbers) number = next++;
  return numbers;
}

static std::vector<std::string> symbols_of(const std::map<std::string, int64_t>& numbers) {
  std::vector<std::string> symbols;
  for (const auto& [word, number] : numbers) symbols.push_back(word);
  symbols.push_back(utf8(unknown));
  return symbols;
}

Data Lines::load() const {
  std::string note;
  const std::vector<Words> found = lines_of(utf8_text(file, note), words);
  const int64_t wanted = train_size + valid_size + test_size;
  core::check(std::ssize(found) >= wanted,
              "data: {}: {} lines have data.words = {} words or more; expected at least {}, for learning, "
              "validation and test",
              file, found.size(), words, wanted);
  core::require_memory(16 * double(wanted) * double(words), "data: rows of words");
  const torch::Tensor order = shuffled(std::ssize(found), core::mix(uint64_t(seed), {"lines"}));
  const auto part = [&](int64_t first, int64_t count) {
    std::vector<Words> lines;
    for (int64_t i = first; i < first + count; ++i) lines.push_back(found[size_t(order[i].item<int64_t>())]);
    return lines;
  };
  const std::vector<Words> learned = part(0, train_size);
  const auto numbers = numbered_words(learned);
  Data data{word_rows(learned, numbers),
            word_rows(part(train_size, valid_size), numbers),
            word_rows(part(train_size + valid_size, test_size), numbers),
            {}};
  data.train.classes = data.valid.classes = data.test.classes = symbols_of(numbers);
  data.note = note;
  data.memorised = true;
  return data;
}

}  // namespace training::data
