// Selection by rank: what evolution strategies make of costs, of which the less is the better.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace agents {

// Candidates from the best on; of equals the one of the lower number first. Error(failed) when a cost is not
// finite.
std::vector<size_t> best_first(std::span<const double> costs);

// Candidates from the best on and what each weighs; those behind the last weight are left out.
struct Ranking {
  std::vector<size_t> order;
  std::vector<double> weights;
};

// Place i weighs weights[i], at most one for each candidate, and places behind them 0. Equals share the
// weights of their places, those of 0 included: which of them has the lower number means nothing.
Ranking ranking_of(std::span<const double> costs, std::vector<double> weights);
// The weighted sum of the ranked candidates' rows [lambda, d]: [d].
std::vector<double> weighted_sum(const Ranking& ranking, const std::vector<double>& rows, size_t d);

// sum x^2
double sum_of_squares(const std::vector<double>& x);

}  // namespace agents
