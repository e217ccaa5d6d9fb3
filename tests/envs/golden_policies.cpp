// Policies of Blackjack, played anew and compared with their recorded means.
#include <fmt/format.h>

#include <cmath>

#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

constexpr int64_t hands = 200'000;

// Mean and standard error of what was added.
struct Mean {
  double n = 0, sum = 0, squares = 0;
  void add(double x) {
    ++n;
    sum += x;
    squares += x * x;
  }
  double value() const { return sum / n; }
  double variance() const { return squares / n - value() * value(); }
};

struct Result {
  Mean reward, win, draw, loss, length;
};

int64_t action_of(const std::string& policy, int64_t sum, core::Pcg64& random) {
  if (policy == "stick20") return sum < 20;
  if (policy == "hit_below_17") return sum < 17;
  core::check(policy == "random", "policy: expected stick20, hit_below_17 or random, found {}", policy);
  return random.integers(0, 2);
}

Result play(std::unique_ptr<envs::Envs> made, const std::string& policy) {
  Batch batch(std::move(made));
  core::Pcg64 random(2);
  Result result;
  batch.reset(1);
  while (result.reward.n < double(hands)) {
    for (size_t i = 0; i < batch.n; ++i)
      batch.discrete[i] = action_of(
          policy, int64_t(element(batch.envs->spec().observation, batch.row(batch.obs, i), 0)), random);
    batch.step();
    for (size_t i = 0; i < batch.n; ++i) {
      if (!batch.ended(i)) continue;
      const double reward = batch.returns[i];
      result.reward.add(reward);
      result.length.add(double(batch.lengths[i]));
      result.win.add(reward > 0);
      result.draw.add(reward == 0);
      result.loss.add(reward < 0);
    }
  }
  return result;
}

}  // namespace

void check_policies(const GoldenFile& file, const envs::Entry& entry) {
  for (size_t row = 0; row < file.rows.size(); ++row) {
    auto factory = entry.factory();
    core::Fields fields;
    factory.fields(fields);
    const auto flag = [&](const char* name) { return file.number(row, name) != 0 ? "true" : "false"; };
    const std::string options = fmt::format("{{natural: {}, sab: {}}}", flag("natural"), flag("sab"));
    core::read_fields(fields, core::parse_yaml(options, file.where(row)));
    const Result found = play(factory.make(500, "exact", std::nullopt), file.text(row, "policy"));
    const auto near = [&](const char* column, const Mean& mean, double variance, double errors) {
      const double apart = std::abs(mean.value() - file.number(row, column));
      const double error = std::sqrt(mean.variance() / mean.n + variance);
      if (!(apart <= errors * error))
        FAIL_CHECK(file.where(row) << ": " << column << " differs by " << apart / error
                                   << " standard errors");
    };
    const double recorded = file.number(row, "hands"), error = file.number(row, "std_error");
    near("mean_return", found.reward, error * error, 3);
    near("win", found.win, found.win.variance() / recorded, 4);
    near("draw", found.draw, found.draw.variance() / recorded, 4);
    near("loss", found.loss, found.loss.variance() / recorded, 4);
    near("mean_length", found.length, found.length.variance() / recorded, 4);
  }
}

}  // namespace tests
