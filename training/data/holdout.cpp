// Rows lie class by class, shuffled within each; every so many of them is set aside.
#include "training/data/holdout.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "training/data/loader.h"

namespace training::data {

static Dataset rows_of(const Dataset& all, const torch::Tensor& index) {
  Dataset set(all.rows.rows(index), all.classes, all.numbers);
  set.kinds = all.kinds;
  return set;
}

static torch::Tensor by_class(const Dataset& all, uint64_t seed) {
  const torch::Tensor order = shuffled(all.size(), seed);
  if (!all.targets().defined() || all.targets().dim() != 1 || all.targets().is_floating_point()) return order;
  const torch::Tensor rank = torch::arange(all.size());  // no two keys are equal: no sort can differ
  return order.index_select(0, (all.targets().index_select(0, order) * all.size() + rank).argsort());
}

TrainValidSplit train_valid_split(const Dataset& all, int64_t rows, uint64_t seed) {
  const int64_t N = all.size();
  const torch::Tensor before = torch::div(torch::arange(N + 1) * rows, N, "floor");  // set aside by then
  const torch::Tensor chosen = before.slice(0, 1) > before.slice(0, 0, N), order = by_class(all, seed);
  const auto sorted = [&](const torch::Tensor& which) {
    return std::get<0>(order.masked_select(which).sort());
  };
  return {rows_of(all, sorted(chosen.logical_not())), rows_of(all, sorted(chosen))};
}

void Holdout::fields(core::Fields& f) {
  f.add("validation", validation,
        "Share of the rows to learn from that is set aside to choose by, as much of every class",
        {.min = 0, .max = 0.9, .above = true});
  f.add("seed", seed, "Of what is set aside; the run's own seed does not change it", {.min = 0});
}

void Holdout::take(Data& data, const std::string& where) const {
  const int64_t N = data.train.size();
  const auto rows = std::max<int64_t>(1, std::llround(validation * double(N)));
  core::check(rows < N, "{}: {} rows cannot be split into training and validation", where, N);
  auto [train, valid] = train_valid_split(data.train, rows, core::mix(uint64_t(seed), {"validation"}));
  data.train = std::move(train);
  data.valid = std::move(valid);
}

}  // namespace training::data
