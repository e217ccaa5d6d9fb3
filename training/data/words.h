// Texts as rows of numbers of words, for whoever reads a text as a whole.
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace training::data {

using WordList = std::vector<std::string>;

inline constexpr int64_t no_word = 0, strange_word = 1;  // what fills a row up; what the vocabulary lacks

// The words of a text in UTF-8: letters of ASCII become small, what is beyond ASCII counts as letters, and
// each other sign is a word.
WordList words_in(std::string_view text);
// A vocabulary: a blank and `unknown`, and behind them at most `most` words of these texts, the most frequent
// first, of equals the first of the alphabet.
std::vector<std::string> word_symbols(const std::vector<WordList>& texts, int64_t most);
// Their numbers, [M, longest] int64, behind them no_word; further words are left out. A text without words is
// a strange one. Error unless there is memory.
torch::Tensor word_numbers(const std::vector<WordList>& texts, const std::vector<std::string>& symbols,
                           int64_t longest);

}  // namespace training::data
