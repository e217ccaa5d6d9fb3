#include "training/data/endless_loader.h"

#include <utility>

#include "core/error.h"
#include "core/random.h"

namespace training {

EndlessLoader::EndlessLoader(DrawRows draw, int64_t batch_size, int64_t epoch_rows, uint64_t seed,
                             torch::Device device)
    : draw_(std::move(draw)),
      batch_size_(batch_size),
      epoch_rows_(epoch_rows),
      seed_(seed),
      device_(device) {}

Batch EndlessLoader::next() {
  const int64_t number = overfit_ ? 0 : batches_;
  ++batches_;
  return on_device(draw_(batch_size_, core::mix(seed_, {"batch", number})).rows, device_);
}

double EndlessLoader::epoch() const { return double(batches_) * double(batch_size_) / double(epoch_rows_); }

void EndlessLoader::state(core::Archive& archive) {
  int64_t batch = batch_size_;
  archive("batch_size", batch);
  core::check(batch == batch_size_, "saved data cursor is of batches of {} drawn rows, here they are of {}",
              batch, batch_size_);
  archive.within("batches", batches_, int64_t{0}, int64_t{1} << 62);
}

}  // namespace training
