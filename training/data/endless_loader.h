// The source over rows that are drawn: fresh ones for each batch, without a table in memory. Batch k is a
// pure function of (seed, k), so a cursor is all there is to save.
#pragma once

#include <functional>

#include "training/data/source.h"

namespace training {

// So many rows; the same ones for the same seed.
using DrawRows = std::function<Dataset(int64_t rows, uint64_t seed)>;

class EndlessLoader : public Source {
 public:
  // An epoch is `epoch_rows` rows, by agreement.
  EndlessLoader(DrawRows draw, int64_t batch_size, int64_t epoch_rows, uint64_t seed, torch::Device device);

  Batch next() override;
  int64_t batch_size() const override { return batch_size_; }
  double epoch() const override;
  void overfit() override { overfit_ = true; }
  void state(core::Archive& archive) override;

 private:
  DrawRows draw_;
  int64_t batch_size_, epoch_rows_;
  uint64_t seed_;
  torch::Device device_;
  bool overfit_ = false;
  int64_t batches_ = 0;  // the cursor: so far
};

}  // namespace training
