// The counts of pairs are kept up to date: a merge changes those of the pieces that have the pair, and no
// others.
#include "training/data/byte_pairs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace training::data {

namespace {

constexpr size_t longest_piece = 32;  // bytes

using Pair = std::pair<int64_t, int64_t>;

bool is_space(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

// A piece as symbols so far, and how often it stands in the text.
struct CountedPiece {
  std::vector<int64_t> symbols;
  int64_t times = 0;
};

// The pieces of a text, and where each pair of symbols stands in them.
class PairCounts {
 public:
  explicit PairCounts(std::string_view text) {
    std::map<std::string_view, int64_t> times;
    for (const std::string_view piece : pieces_of(text)) ++times[piece];
    for (const auto& [piece, count] : times) {
      CountedPiece counted{{}, count};
      for (const char byte : piece) counted.symbols.push_back(static_cast<unsigned char>(byte));
      pieces_.push_back(counted);
      note(pieces_.size() - 1, 1);
    }
  }

  // The pair that stands most often, and of several the first by `symbols`; {-1, -1} where none does so
  // twice.
  Pair most_frequent(const std::vector<std::string>& symbols) const {
    Pair best{-1, -1};
    int64_t most = 1;
    for (const auto& [pair, count] : counts_) {
      if (count < most || count < 2) continue;
      if (count == most && best.first >= 0 && !before(pair, best, symbols)) continue;
      most = count, best = pair;
    }
    return best;
  }

  // From now on they are one.
  void merge(const Pair& pair, int64_t merged) {
    const std::set<size_t> having = std::exchange(where_[pair], {});
    for (const size_t piece : having) {
      note(piece, -1);
      replace(pieces_[piece].symbols, pair, merged);
      note(piece, 1);
    }
    where_.erase(pair);
  }

 private:
  static bool before(const Pair& a, const Pair& b, const std::vector<std::string>& symbols) {
    const auto spelt = [&](const Pair& pair) {
      return std::pair(symbols[size_t(pair.first)], symbols[size_t(pair.second)]);
    };
    return spelt(a) < spelt(b);
  }

  static void replace(std::vector<int64_t>& symbols, const Pair& pair, int64_t merged) {
    size_t to = 0;
    for (size_t from = 0; from < symbols.size(); ++from, ++to) {
      const bool here = from + 1 < symbols.size() && Pair(symbols[from], symbols[from + 1]) == pair;
      symbols[to] = here ? merged : symbols[from];
      from += here;
    }
    symbols.resize(to);
  }

  // Counts a piece's pairs in (1) or out (-1).
  void note(size_t piece, int64_t sign) {
    const auto& [symbols, times] = pieces_[piece];
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const Pair pair(symbols[i], symbols[i + 1]);
      int64_t& count = counts_[pair];
      count += sign * times;
      if (count == 0) counts_.erase(pair);
      if (sign > 0) where_[pair].insert(piece);
    }
  }

  std::vector<CountedPiece> pieces_;
  std::map<Pair, int64_t> counts_;
  std::map<Pair, std::set<size_t>> where_;  // pieces that have it, or had it
};

}  // namespace

std::vector<std::string> all_bytes() {
  std::vector<std::string> symbols;
  for (int byte = 0; byte < 256; ++byte) symbols.emplace_back(1, static_cast<char>(byte));
  return symbols;
}

std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (size_t first = 0, last = 0; first < text.size(); first = last) {
    for (last = first + 1; last < text.size() && last - first < longest_piece && !is_space(text[last]);)
      ++last;
    pieces.push_back(text.substr(first, last - first));
  }
  return pieces;
}

std::vector<std::string> learned_byte_pairs(std::string_view text, int64_t merges) {
  std::vector<std::string> symbols = all_bytes();
  std::map<std::string, int64_t> numbers;
  for (size_t k = 0; k < symbols.size(); ++k) numbers[symbols[k]] = int64_t(k);
  PairCounts pairs(text);
  while (std::ssize(symbols) < 256 + merges) {
    const Pair pair = pairs.most_frequent(symbols);
    if (pair.first < 0) break;
    const std::string merged = symbols[size_t(pair.first)] + symbols[size_t(pair.second)];
    const auto [number, fresh] =
        numbers.emplace(merged, std::ssize(symbols));  // another pair may have made it
    if (fresh) symbols.push_back(merged);
    pairs.merge(pair, number->second);
  }
  return symbols;
}

bool are_byte_pairs(const std::vector<std::string>& symbols) {
  static const std::vector<std::string> bytes = all_bytes();
  return symbols.size() >= bytes.size() && std::equal(bytes.begin(), bytes.end(), symbols.begin());
}

int64_t characters_in(std::string_view bytes) {
  return std::count_if(bytes.begin(), bytes.end(), [](char byte) { return (byte & 0xC0) != 0x80; });
}

BytePairs::BytePairs(const std::vector<std::string>& symbols) : symbols_(symbols) {
  for (size_t k = symbols_.size(); k-- > 0;) numbers_[symbols_[k]] = int64_t(k);
}

// Parts are symbols by where they end. Of the neighbours that make a symbol the pair with the least number
// becomes one, the first of those.
void BytePairs::encode_piece(std::string_view piece, std::vector<int64_t>& tokens) const {
  std::vector<size_t> ends;
  for (size_t i = 1; i <= piece.size(); ++i) ends.push_back(i);
  const auto number = [&](size_t first, size_t last) {  // of parts first .. last together; none: beyond all
    const size_t begin = first == 0 ? 0 : ends[first - 1];
    const auto found = numbers_.find(piece.substr(begin, ends[last] - begin));
    return found == numbers_.end() ? std::ssize(symbols_) : found->second;
  };
  while (ends.size() > 1) {
    size_t best = 0;
    for (size_t k = 1; k + 1 < ends.size(); ++k)
      if (number(k, k + 1) < number(best, best + 1)) best = k;
    if (number(best, best + 1) == std::ssize(symbols_)) break;
    ends.erase(ends.begin() + std::ptrdiff_t(best));
  }
  for (size_t k = 0; k < ends.size(); ++k) tokens.push_back(number(k, k));
}

std::vector<int64_t> BytePairs::encode(std::string_view text) const {
  std::unordered_map<std::string_view, std::pair<size_t, size_t>>
      known;  // where a piece's tokens stand already
  std::vector<int64_t> tokens;
  for (const std::string_view piece : pieces_of(text)) {
    const auto [place, fresh] = known.emplace(piece, std::pair(tokens.size(), tokens.size()));
    if (fresh) {
      encode_piece(piece, tokens);
      place->second.second = tokens.size();
    } else {
      const auto [first, last] = place->second;
      for (size_t i = first; i < last; ++i) tokens.push_back(tokens[i]);
    }
  }
  return tokens;
}

}  // namespace training::data
