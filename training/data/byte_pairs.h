// Byte-pair tokens (Gage 1994; Sennrich, Haddow & Birch 2016; of bytes, as in GPT-2, Radford et al. 2019):
// all 256 bytes, and strings of bytes that stand often beside each other. Any bytes are tokens of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace training::data {

// The bytes, byte b as symbol b.
std::vector<std::string> all_bytes();
// They, and behind them what `merges` merges make, in this order: again and again the two symbols that stand
// beside each other most often in `text` become one; of several the first in alphabetical order. Fewer where
// none stand so twice.
std::vector<std::string> learned_byte_pairs(std::string_view text, int64_t merges);
// Whether symbols begin with the 256 bytes, as those above do.
bool are_byte_pairs(const std::vector<std::string>& symbols);
// How many characters of UTF-8 begin in a string: bytes that go on with none.
int64_t characters_in(std::string_view bytes);

// The parts of a text that are merged each by itself: white space begins one, and none is longer than 32
// bytes, so that no text takes longer than another of its length.
std::vector<std::string_view> pieces_of(std::string_view text);

// Reads by a vocabulary: of the symbols that stand beside each other those first that make the symbol that
// was learned first. The vocabulary is all that it knows.
class BytePairs {
 public:
  explicit BytePairs(const std::vector<std::string>& symbols);
  BytePairs(const BytePairs&) = delete;  // numbers_ looks into symbols_
  std::vector<int64_t> encode(std::string_view text) const;

 private:
  void encode_piece(std::string_view piece, std::vector<int64_t>& tokens) const;

  std::unordered_map<std::string_view, int64_t> numbers_;  // of symbols_
  std::vector<std::string> symbols_;
};

}  // namespace training::data
