// Rows set aside from those to learn from, for sources that bring no validation part of their own.
#pragma once

#include "core/options.h"
#include "training/data/all.h"

namespace training::data {

struct TrainValidSplit {
  Dataset train, valid;
};
// `valid`: so many rows, drawn by the seed, as many of each class as its share (to one row); both in their
// own order.
TrainValidSplit train_valid_split(const Dataset& all, int64_t rows, uint64_t seed);

// The options of such a source: how much of what is there to learn from is for validation instead.
struct Holdout {
  double validation = 0.1;
  int64_t seed = 0;

  void fields(core::Fields& f);
  // Moves a share of data.train, at least one row, to data.valid. Error that names `where` when there is but
  // one.
  void take(Data& data, const std::string& where) const;
};

}  // namespace training::data
