// What Step::next draws from: a table in memory, a generator, several of them side by side, a replay, a file
// of episodes. A learner registers each by Build::source, and a checkpoint then holds its cursor.
#pragma once

#include <cstdint>

#include "core/archive.h"
#include "training/data/batch.h"

namespace training {

class Source {
 public:
  virtual ~Source() = default;
  // The next batch; the same ones in the same order wherever seed and cursor are the same.
  virtual Batch next() = 0;
  virtual int64_t batch_size() const = 0;
  virtual double epoch() const = 0;  // passes so far, e.g. 1.25
  // From now on every batch is the first one of the first epoch (a learner that cannot fit one batch is
  // broken).
  virtual void overfit() = 0;
  // Saves or restores the cursor, never the rows; a cursor over something else is an Error.
  virtual void state(core::Archive& archive) = 0;
};

}  // namespace training
