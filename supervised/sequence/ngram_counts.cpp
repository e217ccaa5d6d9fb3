#include "supervised/sequence/ngram_counts.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace supervised {

NgramCounts::NgramCounts(int64_t symbols, int64_t order) : symbols_(symbols), order_(order) {
  core::check(double(order - 1) * std::log2(double(symbols) + 1) < 64,
              "ngram.order: contexts of {} out of {} symbols cannot be numbered in 64 bits", order - 1,
              symbols);
}

uint64_t NgramCounts::key(const int64_t* end, int64_t length) const {
  uint64_t number = 0;
  for (const int64_t* symbol = end - length; symbol < end; ++symbol)
    number = number * uint64_t(symbols_ + 1) + static_cast<uint64_t>(*symbol + 1);
  return number;
}

void NgramCounts::count(const int64_t* end, int64_t length, int64_t symbol) {
  for (int64_t k = 0; k <= std::min(length, order_ - 1); ++k) {
    Context& context = contexts_[key(end, k)];
    ++context.total;
    auto& followers = context.followers;
    const auto is_it = [&](const Follower& f) { return f.symbol == symbol; };
    const auto known = std::find_if(followers.begin(), followers.end(), is_it);
    if (known == followers.end())
      followers.push_back({symbol, 1});
    else
      ++known->count;
  }
}

std::vector<double> NgramCounts::probabilities(const int64_t* end, int64_t length) const {
  std::vector<double> p(size_t(symbols_), 1 / double(symbols_));
  for (int64_t k = 0; k <= std::min(length, order_ - 1); ++k) {
    const auto found = contexts_.find(key(end, k));
    if (found == contexts_.end()) break;  // no longer one has been seen either
    const auto& [total, followers] = found->second;
    const auto kinds = double(followers.size()), all = double(total) + kinds;
    for (double& x : p) x *= kinds / all;
    for (const Follower& follower : followers) p[size_t(follower.symbol)] += double(follower.count) / all;
  }
  return p;
}

std::vector<uint64_t> NgramCounts::rows() const {
  std::vector<uint64_t> rows, keys;
  for (const auto& [number, context] : contexts_) keys.push_back(number);
  std::sort(keys.begin(), keys.end());
  for (const uint64_t number : keys)
    for (const Follower& follower : contexts_.at(number).followers)
      rows.insert(rows.end(), {number, uint64_t(follower.symbol), uint64_t(follower.count)});
  return rows;
}

void NgramCounts::restore(const std::vector<uint64_t>& rows) {
  core::check(rows.size() % 3 == 0, "saved counts are rows of 3 numbers, found {} numbers", rows.size());
  for (size_t i = 0; i < rows.size(); i += 3)
    core::check(rows[i + 1] < uint64_t(symbols_) && rows[i + 2] >= 1 && rows[i + 2] < uint64_t{1} << 48,
                "saved counts hold symbol {} {} times, of {} symbols", rows[i + 1], rows[i + 2], symbols_);
  contexts_.clear();
  for (size_t i = 0; i < rows.size(); i += 3) {
    Context& context = contexts_[rows[i]];
    context.followers.push_back({int64_t(rows[i + 1]), int64_t(rows[i + 2])});
    context.total += int64_t(rows[i + 2]);
  }
}

void NgramCounts::state(core::Archive& archive) {
  std::vector<uint64_t> table = rows();
  archive.sized("followers", table);
  if (archive.loading()) restore(table);
}

}  // namespace supervised
