// The source over a table in memory. The order is a pure function of (seed, epoch), so a cursor is all there
// is to save.
#pragma once

#include "training/data/source.h"

namespace training {

// 0 .. rows - 1 in an order that is a pure function of the seed; [rows] int64.
torch::Tensor shuffled(int64_t rows, uint64_t seed);

class Loader : public Source {
 public:
  // Shuffled batches without the incomplete last one; batch_size <= data.size() or Error. Where pictures have
  // several sizes (column::sides) each batch holds one of them, and the same is true of each size.
  Loader(Dataset data, int64_t batch_size, uint64_t seed, torch::Device device);

  Batch next() override;
  int64_t batch_size() const override { return batch_size_; }
  double epoch() const override;
  void overfit() override;
  void state(core::Archive& archive) override;

  int64_t batches() const;  // in an epoch
  const Dataset& data() const { return data_; }

 private:
  void check_sides() const;
  void shuffle();
  torch::Tensor by_side(const torch::Tensor& rows) const;

  Dataset data_;
  int64_t batch_size_;
  uint64_t seed_;
  torch::Device device_;
  bool overfit_ = false;
  int64_t epoch_ = 0, offset_ = 0;  // the cursor: whole epochs, and batches of this one
  torch::Tensor order_;             // [M] int64, of this epoch; of several sizes batch by batch
};

}  // namespace training
