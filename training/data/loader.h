// Batches of a data set in memory. The order is a pure function of (seed, epoch), so a cursor is all there is
// to save.
#pragma once

#include "training/torch.h"

#include <cstdint>
#include <string>
#include <vector>

#include "core/archive.h"

namespace training {

struct Dataset {
  torch::Tensor inputs;   // [M, ...] uint8 (pictures, scaled to 0..1 on the way), float32, or int64 symbols
  torch::Tensor targets;  // [M] int64 classes, [M, T] symbols or [M, K] float32; undefined without labels
  std::vector<std::string> classes;  // names of the classes or symbols; empty without
  int64_t size() const { return inputs.defined() ? inputs.size(0) : 0; }
};

// The parts on which nothing is learned: every choice is made by the first (best.h5, early stop, sweeps), the
// second only tells, once, what the chosen weights are worth.
enum class Split { valid, test };

struct Batch {
  torch::Tensor inputs;   // [B, ...] float32 or int64
  torch::Tensor targets;  // [B], [B, T] or [B, K]; undefined without labels
};

// Rows `index` of `data` as a batch on `device`, pictures as floats 0..1.
Batch gather(const Dataset& data, const torch::Tensor& index, torch::Device device);
// Rows first .. first + count - 1 (fewer at the end), in their own order: for evaluation, which
// a signal cuts short here.
Batch slice(const Dataset& data, int64_t first, int64_t count, torch::Device device);
// 0 .. rows - 1 in an order that is a pure function of the seed; [rows] int64.
torch::Tensor shuffled(int64_t rows, uint64_t seed);

class Loader {
 public:
  Loader() = default;
  // Shuffled batches without the incomplete last one; batch_size <= data.size() or Error.
  Loader(Dataset data, int64_t batch_size, uint64_t seed, torch::Device device);

  Batch next();
  int64_t batch_size() const { return batch_size_; }
  int64_t batches() const;  // in an epoch
  const Dataset& data() const { return data_; }
  double epoch() const;  // passes so far, e.g. 1.25
  // From now on every batch is the first one of the first epoch (a learner that cannot fit one batch is
  // broken).
  void overfit();
  // The cursor alone; data of another size or batch are an Error.
  void state(core::Archive& archive);

 private:
  void shuffle();

  Dataset data_;
  int64_t batch_size_ = 0;
  uint64_t seed_ = 0;
  torch::Device device_ = torch::kCPU;
  bool overfit_ = false;
  int64_t epoch_ = 0, offset_ = 0;  // the cursor: whole epochs, and batches of this one
  torch::Tensor order_;             // [M] int64, of this epoch
};

}  // namespace training
