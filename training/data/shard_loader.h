// The source over rows that lie in shards, such as the episodes of a file: a few of these are in memory at a
// time. The order is a pure function of (seed, epoch), so that a cursor is all there is to save.
#pragma once

#include <functional>
#include <vector>

#include "training/data/source.h"

namespace training {

// Shard i has rows[i] rows, none of them ragged; all shards have the same columns.
struct Shards {
  std::vector<int64_t> rows;
  std::function<Dataset(int64_t shard)> read;

  int64_t size() const;  // rows of all
};
// The rows of some shards one after another, as one table; at least one shard.
Dataset table_of(const Shards& shards, const std::vector<int64_t>& which);
Dataset table_of(const Shards& shards);  // of all

class ShardLoader : public Source {
 public:
  // In an epoch every shard comes once, in an order of its own; `window` of them are read at a time, and
  // their rows are shuffled among each other. The incomplete last batch is left out. Error for a window or a
  // batch_size of more than there is.
  ShardLoader(Shards shards, int64_t window, int64_t batch_size, uint64_t seed, torch::Device device);

  Batch next() override;
  int64_t batch_size() const override { return batch_size_; }
  double epoch() const override { return double(epoch_) + double(offset_) / double(batches()); }
  void overfit() override;
  void state(core::Archive& archive) override;

  int64_t batches() const { return shards_.size() / batch_size_; }  // in an epoch

 private:
  int64_t shown_epoch() const { return overfit_ ? 0 : epoch_; }
  void begin_epoch();
  void read_window(int64_t window);
  Batch rows(int64_t first, int64_t count);

  Shards shards_;
  int64_t window_size_, batch_size_;
  uint64_t seed_;
  torch::Device device_;
  bool overfit_ = false;
  int64_t epoch_ = 0, offset_ = 0;  // the cursor: whole epochs, and batches of this one
  std::vector<int64_t> order_;      // of the shards, in this epoch
  std::vector<int64_t> begins_;     // [windows + 1] before which of the epoch's rows each window begins
  int64_t window_ = -1;             // the one in memory; -1: none
  Dataset table_;                   // its rows, as they are shown
};

}  // namespace training
