// Augmented random search (Mania, Guy & Recht 2018, algorithm 2): M += alpha / (b sigma_R) sum (r+ - r-)
// delta over the b best directions.
#include "agents/evolution/ars.h"

#include <algorithm>
#include <cmath>

#include "agents/evolution/noise.h"
#include "agents/evolution/ranking.h"
#include "core/error.h"

namespace agents {

void Ars::Options::fields(core::Fields& f) {
  search.fields(f, "ars", "Augmented random search", [this](core::Fields& own) {
    own.add("top", top,
            "Directions that are followed, those with the best returns, of population / 2; 0: all",
            {.min = 0, .max = 50000, .unit = "directions"});
    own.add("learning_rate", learning_rate,
            "Length of a step along the mean of the directions, each weighted by the difference of its two "
            "returns in units of their deviation",
            {.min = 0, .max = 100, .above = true});
    own.add("normalize", normalize,
            "Whether the policy sees observations centred and scaled by all that were met so far (V2), or as "
            "they are (V1)");
  });
}

void Ars::build(training::Build& b) {
  const int64_t population = options_.search.evolution.population;
  core::check(population % 2 == 0,
              "ars.population: expected an even number, since each direction is tried both ways; found {}",
              population);
  core::check(options_.top <= options_.directions(),
              "ars.top: expected at most the {} directions of a population of {}, found {}",
              options_.directions(), population, options_.top);
  policy_ = std::make_unique<SearchedPolicy>(options_.search, b, options_.normalize);
  noise_seed_ = b.seed_for("noise");
  b.update("policy", {{"return_deviation", "reward", "Standard deviation of the returns that are followed"}});
}

std::vector<size_t> top_directions(const std::vector<double>& returns, size_t b) {
  const size_t N = returns.size() / 2;
  std::vector<double> costs;
  for (size_t k = 0; k < N; ++k) costs.push_back(-std::max(returns[k], returns[N + k]));
  std::vector<size_t> directions = best_first(costs);
  directions.resize(b);
  return directions;
}

double return_deviation(const std::vector<double>& returns, const std::vector<size_t>& directions) {
  const size_t N = returns.size() / 2;
  std::vector<double> used;
  for (const size_t k : directions) used.insert(used.end(), {returns[k], returns[N + k]});
  const auto n = static_cast<double>(used.size());
  double mean = 0;
  for (const double r : used) mean += r / n;
  for (double& r : used) r -= mean;
  return std::sqrt(sum_of_squares(used) / n);
}

std::vector<double> random_search_step(const std::vector<double>& delta, const std::vector<double>& returns,
                                       const std::vector<size_t>& directions) {
  const size_t N = returns.size() / 2, P = delta.size() / N;
  const double sigma_R = return_deviation(returns, directions), b = static_cast<double>(directions.size());
  std::vector<double> step(P);
  if (sigma_R == 0) return step;
  for (const size_t k : directions)
    for (size_t j = 0; j < P; ++j)
      step[j] += (returns[k] - returns[N + k]) / (b * sigma_R) * delta[k * P + j];
  return step;
}

void Ars::step(training::Step& step) {
  // Try N directions from where the policy stands, both ways.
  const auto N = static_cast<size_t>(options_.directions()), b = static_cast<size_t>(options_.top);
  std::vector<double> M = policy_->point();
  const std::vector<double> delta = standard_normal_rows(noise_seed_, step.counters().step, N, M.size());
  const std::vector<double> returns =
      policy_->returns(mirrored(M, delta, options_.search.evolution.sigma), step);

  // Follow the best of them. What was met on the way counts in the statistics from the next step on.
  const std::vector<size_t> best = top_directions(returns, b > 0 ? b : N);
  const std::vector<double> way = random_search_step(delta, returns, best);
  for (size_t j = 0; j < M.size(); ++j) M[j] += options_.learning_rate * way[j];
  policy_->move_to(M);
  step.updated("policy", {{"return_deviation", return_deviation(returns, best)}});
}

}  // namespace agents
