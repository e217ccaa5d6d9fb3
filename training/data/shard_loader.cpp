#include "training/data/shard_loader.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "training/data/loader.h"

namespace training {

int64_t Shards::size() const { return std::accumulate(rows.begin(), rows.end(), int64_t{0}); }

static Batch concatenated(const std::vector<Batch>& parts) {
  if (parts.size() == 1) return parts[0];
  Batch all;
  for (const Column& column : parts[0].columns()) {
    std::vector<torch::Tensor> values;
    for (const Batch& part : parts) values.push_back(part[column.name]);
    all.set(column.name, torch::cat(values));
  }
  return all;
}

Dataset table_of(const Shards& shards, const std::vector<int64_t>& which) {
  Dataset table;
  std::vector<Batch> parts;
  for (const int64_t shard : which) {
    table = shards.read(shard);
    parts.push_back(table.rows);
  }
  table.rows = concatenated(parts);
  return table;
}

Dataset table_of(const Shards& shards) {
  std::vector<int64_t> all(shards.rows.size());
  std::iota(all.begin(), all.end(), 0);
  return table_of(shards, all);
}

ShardLoader::ShardLoader(Shards shards, int64_t window, int64_t batch_size, uint64_t seed,
                         torch::Device device)
    : shards_(std::move(shards)),
      window_size_(window),
      batch_size_(batch_size),
      seed_(seed),
      device_(device) {
  const int64_t count = std::ssize(shards_.rows), all = shards_.size();
  core::check(window > 0 && window <= count, "data: a window of {} shards needs as many, there are {}",
              window, count);
  core::check(batch_size > 0 && batch_size <= all,
              "data: batch_size {} needs at least as many rows, the training set has {}", batch_size, all);
  begin_epoch();
}

void ShardLoader::begin_epoch() {
  const auto count = std::ssize(shards_.rows);
  const torch::Tensor order = shuffled(count, core::mix(seed_, {"shards", shown_epoch()}));
  order_.assign(order.data_ptr<int64_t>(), order.data_ptr<int64_t>() + count);
  begins_ = {0};
  for (int64_t first = 0; first < count; first += window_size_) {
    int64_t end = begins_.back();
    for (int64_t k = first; k < std::min(first + window_size_, count); ++k)
      end += shards_.rows[size_t(order_[size_t(k)])];
    begins_.push_back(end);
  }
  window_ = -1;
}

void ShardLoader::read_window(int64_t window) {
  if (window == window_) return;
  const auto first = order_.begin() + window * window_size_,
             last = order_.begin() + std::min((window + 1) * window_size_, std::ssize(order_));
  table_ = table_of(shards_, {first, last});
  const int64_t held = begins_[size_t(window + 1)] - begins_[size_t(window)];
  core::check(table_.size() == held, "data: expected {} rows in these shards, found {}", held, table_.size());
  table_.rows = table_.rows.rows(shuffled(held, core::mix(seed_, {"rows", shown_epoch(), window})));
  window_ = window;
}

// Of the epoch's rows those from `first` on; they may reach over several windows.
Batch ShardLoader::rows(int64_t first, int64_t count) {
  std::vector<Batch> parts;
  while (count > 0) {
    const auto next = std::upper_bound(begins_.begin(), begins_.end(), first);
    const int64_t window = next - begins_.begin() - 1, some = std::min(count, *next - first);
    read_window(window);
    const int64_t from = first - begins_[size_t(window)];
    parts.push_back(gather(table_, torch::arange(from, from + some), device_));
    first += some;
    count -= some;
  }
  return concatenated(parts);
}

Batch ShardLoader::next() {
  if (offset_ == batches()) {
    ++epoch_;
    offset_ = 0;
    if (!overfit_) begin_epoch();
  }
  const int64_t first = overfit_ ? 0 : offset_ * batch_size_;
  ++offset_;
  return rows(first, batch_size_);
}

void ShardLoader::overfit() {
  overfit_ = true;
  begin_epoch();
}

void ShardLoader::state(core::Archive& archive) {
  int64_t rows = shards_.size(), batch = batch_size_, window = window_size_;
  archive("rows", rows);
  archive("batch_size", batch);
  archive("window", window);
  core::check(rows == shards_.size() && batch == batch_size_ && window == window_size_,
              "saved data cursor is of {} rows in batches of {}, {} shards at a time; here are {}, {} and {}",
              rows, batch, window, shards_.size(), batch_size_, window_size_);
  archive.within("epoch", epoch_, int64_t{0}, int64_t{1} << 62);
  archive.within("batches", offset_, int64_t{0}, batches());
  if (archive.loading()) begin_epoch();
}

}  // namespace training
