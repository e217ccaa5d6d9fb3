// What has followed each context, interpolated Witten-Bell (Witten & Bell 1991): counts mixed with those of
// shorter contexts,
//   p(x | h) = (c(h x) + kinds(h) p(x | h')) / (c(h) + kinds(h)),  h' = h without its first symbol,
// down to the uniform distribution; kinds(h) is how many different symbols have followed h.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/archive.h"

namespace supervised {

class NgramCounts {
 public:
  // Of `symbols` symbols, with contexts of 0 .. order - 1 of them. Refuses contexts that 64 bits cannot
  // number.
  NgramCounts(int64_t symbols, int64_t order);

  // `symbol` after the `length` symbols that end before `end`, of which only the last order - 1 count.
  void count(const int64_t* end, int64_t length, int64_t symbol);
  // Of each symbol in that place, [V], summing to 1.
  std::vector<double> probabilities(const int64_t* end, int64_t length) const;

  // Contexts in the order of their numbers; of each its followers: number, symbol, count.
  void state(core::Archive& archive);

 private:
  struct Follower {
    int64_t symbol, count;
  };
  struct Context {
    int64_t total = 0;
    std::vector<Follower> followers;  // in the order of their first appearance
  };

  // A context is a number in base V + 1 whose digits are its symbols, from 1.
  uint64_t key(const int64_t* end, int64_t length) const;
  std::vector<uint64_t> rows() const;
  void restore(const std::vector<uint64_t>& rows);

  int64_t symbols_, order_;
  std::unordered_map<uint64_t, Context> contexts_;
};

}  // namespace supervised
