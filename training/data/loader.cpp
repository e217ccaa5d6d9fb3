// The cursor, and the shuffle it addresses.
#include "training/data/loader.h"

#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "training/data/resolutions.h"

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
  check_sides();
  shuffle();
}

void Loader::check_sides() const {
  const torch::Tensor& sides = data_.rows[column::sides];
  if (!sides.defined()) return;
  for (const torch::Tensor& rows : data::rows_by_side(data_.rows))
    core::check(
        batch_size_ <= rows.size(0),
        "data: batch_size {} needs at least as many pictures of each resolution, of {} pixels there are {}",
        batch_size_, sides[rows[0].item<int64_t>()].item<int64_t>(), rows.size(0));
}

// Our own Fisher-Yates: torch::randperm may change between versions, an order that a checkpoint relies on may
// not.
void Loader::shuffle() {
  order_ = by_side(shuffled(data_.size(), core::mix(seed_, {"order", overfit_ ? 0 : epoch_})));
}

// Of pictures of several sizes whole batches of each, in an order of their own.
torch::Tensor Loader::by_side(const torch::Tensor& rows) const {
  const torch::Tensor& sides = data_.rows[column::sides];
  if (!sides.defined()) return rows;
  Batch seen;
  seen.set(column::sides, sides.index_select(0, rows));
  std::vector<torch::Tensor> batches;
  for (const torch::Tensor& places : data::rows_by_side(seen))
    for (int64_t first = 0; first + batch_size_ <= places.size(0); first += batch_size_)
      batches.push_back(rows.index_select(0, places.narrow(0, first, batch_size_)));
  const uint64_t seed = core::mix(seed_, {"batches", overfit_ ? 0 : epoch_});
  return torch::stack(batches).index_select(0, shuffled(std::ssize(batches), seed)).flatten();
}

int64_t Loader::batches() const { return order_.size(0) / batch_size_; }

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
