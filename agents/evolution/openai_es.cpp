// OpenAI-ES (Salimans et al. 2017, algorithm 1): theta += lr * (1 / n sigma) sum_i F(theta + sigma eps_i)
// eps_i, with mirrored sampling (their section 2.1), centred ranks for F, and any optimiser's step.
#include "agents/evolution/openai_es.h"

#include <algorithm>
#include <numeric>

#include "agents/evolution/noise.h"
#include "core/error.h"

namespace agents {

void OpenAiEs::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with Discrete or Box actions and a time limit");
  f.section("net", net, "Policy network; without hidden layers it is linear");
  f.list_section(
      "openai_es", [this](core::Fields& own) { evolution.fields(own); }, "OpenAI-ES's own options");
}

void OpenAiEs::build(training::Build& b) {
  const EvolutionOptions& o = options_.evolution;
  core::check(
      o.population % 2 == 0,
      "openai_es.population: expected an even number, since candidates come in mirrored pairs; found {}",
      o.population);
  evolution_ = std::make_unique<Evolution>(options_.env, options_.net, o, b);
  noise_seed_ = b.seed_for("noise");
  b.optimizer("policy", {evolution_->policy().get()},
              {{"negative_return", "reward", "Mean return of the population, negated"}});
}

std::vector<double> centred_ranks(const std::vector<double>& values) {
  std::vector<double> sorted = values, ranks;
  std::sort(sorted.begin(), sorted.end());
  for (const double value : values) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    const auto twice = static_cast<double>((first - sorted.begin()) + (last - sorted.begin() - 1));
    ranks.push_back(twice / 2 / static_cast<double>(values.size() - 1) - 0.5);
  }
  return ranks;
}

std::vector<double> ascent(const std::vector<double>& noise, const std::vector<double>& fitness,
                           double sigma) {
  const size_t n = fitness.size() / 2, P = noise.size() / n;
  std::vector<double> gradient(P);
  for (size_t i = 0; i < n; ++i) {
    const double weight = (fitness[i] - fitness[n + i]) / (2 * static_cast<double>(n) * sigma);
    for (size_t j = 0; j < P; ++j) gradient[j] += weight * noise[i * P + j];
  }
  return gradient;
}

void OpenAiEs::step(training::Step& step) {
  // Surround the parameters with candidates, and let each play.
  const double sigma = options_.evolution.sigma;
  const auto n = static_cast<size_t>(options_.evolution.population / 2);
  const std::vector<double> theta = flatten(evolution_->policy());
  const std::vector<double> noise =
      standard_normal_rows(noise_seed_, step.counters().step, n, theta.size());  // [n, P]
  const std::vector<double> returns = evolution_->play(mirrored(theta, noise, sigma), step);

  // Ascend towards those that did better than their mirror image.
  add_gradient(evolution_->policy(), ascent(noise, centred_ranks(returns), sigma), -1);
  const double sum = std::accumulate(returns.begin(), returns.end(), 0.0);
  step.apply_gradients("policy", {{"negative_return", -sum / static_cast<double>(returns.size())}});
}

}  // namespace agents
