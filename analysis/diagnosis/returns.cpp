// What the returns of evaluations, a policy's entropy and a replay tell.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/diagnosis/rules.h"
#include "render/text_table.h"

namespace analysis::diagnosis {

using render::short_number;

namespace {

// How far the last evaluation lies below the best one.
struct Fall {
  std::string metric;
  double best_at, best, last_at, last;
  std::optional<double> target;
};

// What two evaluations in a row differ by, as a rule.
double usual_change(const std::vector<double>& y) {
  std::vector<double> changes;
  for (size_t k = 1; k < y.size(); ++k) changes.push_back(std::abs(y[k] - y[k - 1]));
  std::nth_element(changes.begin(), changes.begin() + std::ssize(changes) / 2, changes.end());
  return changes[changes.size() / 2];
}

// From what was solved, a tenth of the way to there; else half of the way from the worst to the best. And
// more than evaluations differ by anyway.
bool is_deep(const Fall& fall, const render::Series& returns, double sign) {
  constexpr double of_solved = 0.1, of_all = 0.5, changes = 3;
  const double lost = sign * (fall.best - fall.last);
  if (lost <= changes * usual_change(returns.y)) return false;
  if (fall.target && sign * (fall.best - *fall.target) >= 0)
    return sign * (*fall.target - fall.last) > of_solved * std::abs(*fall.target - returns.y.front());
  const auto [low, high] = std::minmax_element(returns.y.begin(), returns.y.end());
  return lost > of_all * (*high - *low);
}

std::optional<Fall> fall_of(const Evidence& run) {
  const std::string metric = run.run.attribute("score");
  const Curve* returns = run.curve(metric);
  if (core::group_of(metric) != "eval" || !returns || returns->size() < 4) return {};
  const double sign = run.sign();
  const auto& [x, y] = returns->by_step;
  const auto best =
      std::max_element(y.begin(), y.end(), [&](double a, double b) { return sign * a < sign * b; });
  const Fall fall{metric, x[best - y.begin()], *best, x.back(), y.back(), run.target(metric)};
  return is_deep(fall, returns->by_step, sign) ? std::optional(fall) : std::nullopt;
}

std::string words_of_fall(const Fall& fall) {
  return fmt::format("{} was {} at {} and is {} at {}", fall.metric, short_number(fall.best),
                     at_step(fall.best_at), short_number(fall.last), at_step(fall.last_at));
}

}  // namespace

Words relapse(const Evidence& run) {
  const auto fall = fall_of(run);
  if (!fall) return {};
  const bool solved = fall->target && run.sign() * (fall->best - *fall->target) >= 0;
  return words_of_fall(*fall) +
         (solved ? fmt::format("; the target is {}", short_number(*fall->target)) : "");
}

// From where on the entropy stays at so small a share of its first value, for a quarter of the run or more.
static std::optional<double> without_entropy_since(const Curve& entropy) {
  constexpr double share = 0.02, by = 0.75;
  const auto& [x, y] = entropy.by_step;
  size_t since = y.size();
  while (since > 0 && y[since - 1] <= share * y.front()) --since;
  const bool early = since < y.size() && x[since] <= x.front() + by * (x.back() - x.front());
  return early && since > 0 ? std::optional(x[since]) : std::nullopt;
}

Words entropy_collapse(const Evidence& run) {
  const std::string metric = run.run.attribute("score");
  const Curve *entropy = run.curve("train/entropy"), *returns = run.curve(metric);
  if (!entropy || !returns || core::group_of(metric) != "eval") return {};
  const auto& bits = entropy->by_step.y;
  if (*std::min_element(bits.begin(), bits.end()) < 0) return {};  // of densities: it has no least value
  const auto since = without_entropy_since(*entropy);
  if (!since) return {};
  const auto& [x, y] = returns->by_step;
  double before = -HUGE_VAL, after = -HUGE_VAL;
  for (size_t k = 0; k < x.size(); ++k)
    (x[k] <= *since ? before : after) = std::max(x[k] <= *since ? before : after, run.sign() * y[k]);
  const auto target = run.target(metric);
  const bool solved =
      target && std::max(before, after) >= run.sign() * *target;  // a relapse is another matter
  if (solved || !std::isfinite(before) || !std::isfinite(after) || after > before) return {};
  return fmt::format(
      "train/entropy fell from {} to {} nats by {}, and {} has not risen since (best {} before, {} after)",
      short_number(bits.front()), short_number(entropy->last()), at_step(*since), metric,
      short_number(run.sign() * before), short_number(run.sign() * after));
}

// A share of drawn transitions is noisy: means over twentieths of the run.
Words no_failures(const Evidence& run) {
  constexpr double share = 0.05;
  constexpr int parts = 20;
  const Curve* ends = run.curve("train/terminated");
  const auto fall = fall_of(run);
  if (!ends || !fall || ends->size() < parts) return {};
  const double begin = ends->by_step.x.front(), width = (ends->end() - begin) / parts;
  const double early = ends->early(4.0 / parts);
  for (int k = 4; k < parts && early > 0; ++k) {
    const double from = begin + k * width, now = ends->mean(from, from + width);
    if (!(now <= share * early) || from > fall->last_at) continue;
    return fmt::format(
        "{:.2g} % of what the replay gave ended in a failure at first, {:.2g} % from {} on; then {}",
        100 * early, 100 * now, at_step(from), words_of_fall(*fall));
  }
  return {};
}

}  // namespace analysis::diagnosis
