// Genetic algorithm (Such et al. 2017, algorithm 1). Two things differ: the first generation is mutated from
// one network and not initialised one by one, and an elite shows its worth by playing in every generation, as
// all do, and not in thirty episodes of its own.
#include "agents/evolution/genetic.h"

#include <algorithm>
#include <cmath>

#include "agents/evolution/noise.h"
#include "agents/evolution/ranking.h"
#include "core/error.h"
#include "core/random.h"

namespace agents {

GeneticSearch::GeneticSearch(const std::vector<double>& first, const Options& options)
    : d_(first.size()), options_(options) {
  const auto& [sigma, population, parents, elites] = options;
  core::check(
      0 <= elites && elites <= parents && 1 <= parents && parents <= population && elites < population,
      "genetic: expected elites <= parents <= population and a child each generation, found {} elites, "
      "{} parents, a population of {}",
      elites, parents, population);
  for (int64_t i = 0; i < parents; ++i) parents_.insert(parents_.end(), first.begin(), first.end());
}

std::vector<double> GeneticSearch::individual(const std::vector<double>& rows, size_t i) const {
  const auto begin = rows.begin() + static_cast<ptrdiff_t>(i * d_);
  return {begin, begin + static_cast<ptrdiff_t>(d_)};
}

// Each of the parents is as likely.
size_t GeneticSearch::parent_of(uint64_t seed, size_t child) const {
  core::Philox draw(core::mix(seed, {"parent", generation_}), static_cast<uint32_t>(child), 0);
  return static_cast<size_t>(static_cast<uint64_t>(draw.next32()) * static_cast<uint64_t>(options_.parents) >>
                             32);
}

std::vector<double> GeneticSearch::ask(uint64_t seed) {
  const auto n = static_cast<size_t>(options_.population);
  const size_t elites = generation_ == 0 ? 1 : static_cast<size_t>(options_.elites);
  const std::vector<double> noise = standard_normal_rows(seed, generation_, n, d_);
  candidates_.clear();
  for (size_t k = 0; k < n; ++k) {
    const bool mutates = k >= elites;
    const size_t parent = mutates ? parent_of(seed, k) : k;
    for (size_t j = 0; j < d_; ++j)
      candidates_.push_back(parents_[parent * d_ + j] + (mutates ? options_.sigma * noise[k * d_ + j] : 0));
  }
  return candidates_;
}

void GeneticSearch::tell(std::span<const double> costs) {
  const std::vector<size_t> order = best_first(costs);
  parents_.clear();
  for (size_t i = 0; i < static_cast<size_t>(options_.parents); ++i) {
    const std::vector<double> parent = individual(candidates_, order[i]);
    parents_.insert(parents_.end(), parent.begin(), parent.end());
  }
  ++generation_;
}

void GeneticSearch::state(core::Archive& archive) {
  archive("parents", parents_);
  archive.within("generation", generation_, int64_t{0}, int64_t{1} << 62);
  const auto finite = [](double x) { return std::isfinite(x); };
  core::check(!archive.loading() || std::all_of(parents_.begin(), parents_.end(), finite),
              "saved state of the genetic algorithm holds numbers that cannot be");
}

void Genetic::Options::fields(core::Fields& f) {
  search.fields(f, "genetic", "The genetic algorithm", [this](core::Fields& own) {
    own.add("parents", parents, "The best of a generation, who have the children of the next one",
            {.min = 1, .max = 100000});
    own.add("elites", elites, "The best of them, who live on as they are", {.min = 0, .max = 100000});
  });
}

GeneticSearch Genetic::around_policy() const {
  const EvolutionOptions& o = options_.search.evolution;
  return {policy_->point(), {o.sigma, o.population, options_.parents, options_.elites}};
}

void Genetic::build(training::Build& b) {
  policy_ = std::make_unique<SearchedPolicy>(options_.search, b);
  search_ = around_policy();
  noise_seed_ = b.seed_for("noise");
  b.state("search", [this](core::Archive& archive) { search_.state(archive); });
  b.update("policy",
           {{"spread", "", "Standard deviation of the parents around their mean, over all parameters"}});
}

// Root mean squared distance of numbers from the mean of their column.
static double spread(const std::vector<double>& rows, size_t d) {
  const size_t n = rows.size() / d;
  double sum = 0;
  for (size_t j = 0; j < d; ++j) {
    double mean = 0;
    for (size_t i = 0; i < n; ++i) mean += rows[i * d + j] / static_cast<double>(n);
    for (size_t i = 0; i < n; ++i) sum += (rows[i * d + j] - mean) * (rows[i * d + j] - mean);
  }
  return std::sqrt(sum / static_cast<double>(rows.size()));
}

void Genetic::step(training::Step& step) {
  if (step.counters().step == 1) search_ = around_policy();  // which train.init_from may have loaded
  search_.tell(policy_->costs(search_.ask(noise_seed_), step));
  policy_->move_to(search_.best());
  step.updated("policy", {{"spread", spread(search_.parents(), policy_->size())}});
}

}  // namespace agents
