// The cursor, and the shuffle it addresses.
#include "training/data/loader.h"

#include <utility>

#include "core/error.h"
#include "core/random.h"

namespace training {

torch::Tensor shuffled(int64_t rows, uint64_t seed) {
  torch::Tensor order = torch::arange(rows);
  int64_t* row = order.data_ptr<int64_t>();
  core::Pcg64 random(seed);
  for (int64_t i = rows - 1; i > 0; --i) std::swap(row[i], row[random.integers(0, i + 1)]);
  return order;
}

Loader::Loader(Dataset data, int64_t batch_size, uint64_t seed, torch::Device device)
    : data_(std::move(data)), batch_size_(batch_size), seed_(seed), device_(device) {
  core::check(batch_size > 0 && batch_size <= data_.size(),
              "data: batch_size {} needs at least as many rows, the training set has {}", batch_size,
              data_.size());
  shuffle();
}

// Our own Fisher-Yates: torch::randperm may change between versions, an order that a checkpoint relies on may
// not.
void Loader::shuffle() {
  order_ = shuffled(data_.size(), core::mix(seed_, {"order", overfit_ ? 0 : epoch_}));
}

int64_t Loader::batches() const { return data_.size() / batch_size_; }

Batch Loader::next() {
  if (offset_ == batches()) {
    ++epoch_;
    offset_ = 0;
    shuffle();
  }
  const int64_t first = overfit_ ? 0 : offset_ * batch_size_;
  ++offset_;
  return gather(data_, order_.narrow(0, first, batch_size_), device_);
}

double Loader::epoch() const { return double(epoch_) + double(offset_) / double(batches()); }

void Loader::overfit() {
  overfit_ = true;
  shuffle();
}

void Loader::state(core::Archive& archive) {
  int64_t rows = data_.size(), batch = batch_size_;
  archive("rows", rows);
  archive("batch_size", batch);
  core::check(rows == data_.size() && batch == batch_size_,
              "saved data cursor is of {} rows in batches of {}, the data have {} rows in batches of {}",
              rows, batch, data_.size(), batch_size_);
  archive.within("epoch", epoch_, int64_t{0}, int64_t{1} << 62);
  archive.within("batches", offset_, int64_t{0}, batches());
  if (archive.loading()) shuffle();
}

}  // namespace training
