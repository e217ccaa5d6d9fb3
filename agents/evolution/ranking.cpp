#include "agents/evolution/ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace agents {

std::vector<size_t> best_first(std::span<const double> costs) {
  for (const double cost : costs)
    if (!std::isfinite(cost))
      throw core::Error("evolution was told a cost that is not finite", core::Exit::failed);
  std::vector<size_t> order(costs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return costs[a] < costs[b]; });
  return order;
}

Ranking ranking_of(std::span<const double> costs, std::vector<double> weights) {
  std::vector<size_t> order = best_first(costs);
  const size_t lambda = order.size();
  weights.resize(lambda);
  for (size_t first = 0, end = 0; first < lambda; first = end) {
    while (end < lambda && costs[order[end]] == costs[order[first]]) ++end;
    if (end - first == 1) continue;
    const auto equals = weights.begin() + static_cast<ptrdiff_t>(first);
    const auto behind = weights.begin() + static_cast<ptrdiff_t>(end);
    std::fill(equals, behind, std::accumulate(equals, behind, 0.0) / static_cast<double>(end - first));
  }
  while (!weights.empty() && weights.back() == 0) weights.pop_back();
  order.resize(weights.size());
  return {order, weights};
}

std::vector<double> weighted_sum(const Ranking& ranking, const std::vector<double>& rows, size_t d) {
  std::vector<double> sum(d);
  for (size_t i = 0; i < ranking.order.size(); ++i)
    for (size_t j = 0; j < d; ++j) sum[j] += ranking.weights[i] * rows[ranking.order[i] * d + j];
  return sum;
}

double sum_of_squares(const std::vector<double>& x) {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
}

}  // namespace agents
