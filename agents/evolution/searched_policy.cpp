#include "agents/evolution/searched_policy.h"

namespace agents {

void SearchOptions::fields(core::Fields& f, const std::string& section, const std::string& algorithm,
                           const std::function<void(core::Fields&)>& more) {
  f.tagged("env", env.tagged(), "Environment with Discrete or Box actions and a time limit");
  f.section("net", net, "Policy network; without hidden layers it is linear");
  f.list_section(
      section,
      [this, more](core::Fields& own) {
        evolution.fields(own);
        own.add("biases", biases,
                "Whether the network's biases are searched, too; else they stay as they were initialised");
        if (more) more(own);
      },
      algorithm + "'s own options");
}

// Where the weights, and the biases if wanted, lie in flatten(net).
static std::vector<size_t> places(const training::NativeMlp& net, bool biases) {
  std::vector<size_t> places;
  size_t offset = 0;
  for (const torch::Tensor& parameter : net->parameters()) {
    const auto size = static_cast<size_t>(parameter.numel());
    if (biases || parameter.dim() > 1)
      for (size_t i = 0; i < size; ++i) places.push_back(offset + i);
    offset += size;
  }
  return places;
}

SearchedPolicy::SearchedPolicy(const SearchOptions& options, training::Build& build, bool normalize)
    : evolution_(options.env, options.net, options.evolution, build, normalize),
      places_(places(evolution_.policy(), options.biases)) {}

int64_t SearchedPolicy::parameters() const {
  return static_cast<int64_t>(flatten(evolution_.policy()).size());
}

std::vector<double> SearchedPolicy::point() const {
  const std::vector<double> all = flatten(evolution_.policy());
  std::vector<double> point;
  for (const size_t place : places_) point.push_back(all[place]);
  return point;
}

void SearchedPolicy::move_to(const std::vector<double>& point) {
  assign(evolution_.policy(), policies(point));
}

// The policies [n, P] whose searched parameters are the rows of `points` [n, d].
std::vector<double> SearchedPolicy::policies(const std::vector<double>& points) const {
  const std::vector<double> all = flatten(evolution_.policy());
  const size_t d = size(), P = all.size(), n = points.size() / d;
  std::vector<double> rows;
  rows.reserve(n * P);
  for (size_t k = 0; k < n; ++k) {
    rows.insert(rows.end(), all.begin(), all.end());
    for (size_t i = 0; i < d; ++i) rows[k * P + places_[i]] = points[k * d + i];
  }
  return rows;
}

std::vector<double> SearchedPolicy::returns(const std::vector<double>& points, training::Step& step) {
  return evolution_.play(policies(points), step);
}

std::vector<double> SearchedPolicy::costs(const std::vector<double>& points, training::Step& step) {
  std::vector<double> costs = returns(points, step);
  for (double& cost : costs) cost = -cost;
  return costs;
}

}  // namespace agents
