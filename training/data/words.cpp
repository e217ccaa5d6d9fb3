#include "training/data/words.h"

#include <algorithm>
#include <unordered_map>

#include "core/memory.h"
#include "training/data/text.h"

namespace training::data {

namespace {

bool is_letter(unsigned char byte) {
  return byte >= 0x80 || byte == '\'' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

char small(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }

}  // namespace

WordList words_in(std::string_view text) {
  WordList words;
  bool open = false;  // the last word may go on
  for (const char byte : text) {
    const bool letter = is_letter(static_cast<unsigned char>(byte));
    const bool sign = !letter && byte > ' ' && byte < 0x7f;
    if (sign || (letter && !open)) words.emplace_back();
    if (sign || letter) words.back() += small(byte);
    open = letter;
  }
  return words;
}

std::vector<std::string> word_symbols(const std::vector<WordList>& texts, int64_t most) {
  std::unordered_map<std::string, int64_t> times;
  for (const WordList& text : texts)
    for (const std::string& word : text) ++times[word];
  std::vector<std::pair<int64_t, std::string>> words;
  for (const auto& [word, count] : times) words.emplace_back(-count, word);
  std::sort(words.begin(), words.end());
  if (std::ssize(words) > most) words.resize(size_t(most));
  std::vector<std::string> symbols{" ", utf8(unknown)};
  for (const auto& [count, word] : words) symbols.push_back(word);
  return symbols;
}

torch::Tensor word_numbers(const std::vector<WordList>& texts, const std::vector<std::string>& symbols,
                           int64_t longest) {
  core::require_memory(8 * double(texts.size()) * double(longest),
                       fmt::format("data: {} texts of up to {} words", texts.size(), longest));
  std::unordered_map<std::string, int64_t> numbers;
  for (size_t k = 2; k < symbols.size(); ++k) numbers[symbols[k]] = int64_t(k);
  const torch::Tensor rows = torch::zeros({std::ssize(texts), longest}, torch::kInt64);
  int64_t* row = rows.data_ptr<int64_t>();
  for (const WordList& text : texts) {
    row[0] = strange_word;
    for (int64_t t = 0; t < std::min(longest, std::ssize(text)); ++t) {
      const auto found = numbers.find(text[size_t(t)]);
      row[t] = found == numbers.end() ? strange_word : found->second;
    }
    row += longest;
  }
  return rows;
}

}  // namespace training::data
