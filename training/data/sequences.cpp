// Rows of symbols: inputs, and as targets the symbols one further.
#include "training/data/sequences.h"

#include <algorithm>
#include <cmath>

#include "core/memory.h"
#include "core/random.h"

namespace training::data {
namespace {

// Symbols of a^n b^n: a newline begins and ends it.
constexpr int64_t newline = 0, a = 1, b = 2;

Dataset anbn_rows(int64_t longest, int64_t rows, const std::function<int64_t(int64_t row)>& n_of) {
  const int64_t T = 2 * longest + 1;
  Dataset set{torch::full({rows, T}, newline), torch::full({rows, T}, ignored), {"\n", "a", "b"}};
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t n = n_of(row);
    int64_t* input = set.inputs().data_ptr<int64_t>() + row * T;
    int64_t* target = set.targets().data_ptr<int64_t>() + row * T;
    for (int64_t t = 0; t < 2 * n; ++t) input[t + 1] = target[t] = t < n ? a : b;
    target[2 * n] = newline;
  }
  return set;
}

Dataset letter_rows(const Letters& task, bool sorted, int64_t rows, uint64_t seed) {
  const int64_t L = task.length, T = 2 * L;
  core::Pcg64 random(seed);
  Dataset set{torch::empty({rows, T}, torch::kInt64), torch::full({rows, T}, ignored), {}};
  for (int64_t k = 0; k < task.letters; ++k) set.classes.emplace_back(1, char('a' + k));
  set.classes.emplace_back(">");
  std::vector<int64_t> whole(size_t(T + 1));  // question, '>', answer
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t t = 0; t < L; ++t)
      whole[size_t(t)] = whole[size_t(L + 1 + t)] = random.integers(0, task.letters);
    whole[size_t(L)] = task.letters;
    if (sorted) std::sort(whole.begin() + L + 1, whole.end());
    std::copy(whole.begin(), whole.end() - 1, set.inputs().data_ptr<int64_t>() + row * T);
    std::copy(whole.begin() + L + 1, whole.end(), set.targets().data_ptr<int64_t>() + row * T + L);
  }
  return set;
}

}  // namespace

void Anbn::fields(core::Fields& f) {
  f.add("longest", longest, "Largest n", {.min = 1, .max = 10000});
  f.add("copies", copies, "How often each n stands in the training set", {.min = 1, .max = 1e6});
  f.add("valid_size", valid_size, "Sequences to choose by, of an n that is drawn", {.min = 1, .max = 1e9});
}

Data Anbn::load() const {
  const double rows = double(longest) * double(copies + 1) + double(valid_size),
               length = 2 * double(longest) + 1;
  core::require_memory(8 * rows * (2 * length + 1),
                       fmt::format("data: {:.3g} rows of {} symbols and their targets", rows, length));
  core::Pcg64 random(core::mix(0, {"valid"}));
  const auto in_turn = [&](int64_t row) { return 1 + row % longest; };
  const auto drawn = [&](int64_t) { return 1 + random.integers(0, longest); };
  return {anbn_rows(longest, longest * copies, in_turn), anbn_rows(longest, valid_size, drawn),
          anbn_rows(longest, longest, in_turn), std::log(double(longest))};
}

void Letters::fields(core::Fields& f) {
  f.add("letters", letters, "Different letters", {.min = 2, .max = 26});
  f.add("length", length, "Letters in a question", {.min = 1, .max = 10000});
  sizes.fields(f);
}

Data Letters::load(bool sorted) const {
  sizes.require(4 * length);  // symbols and targets
  Data data = sizes.parts(
      [task = *this, sorted](int64_t rows, uint64_t seed) { return letter_rows(task, sorted, rows, seed); });
  data.entropy = 0;
  return data;
}

}  // namespace training::data
