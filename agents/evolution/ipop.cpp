// The stopping rules are those of Auger & Hansen's section 2, by their names there.
#include "agents/evolution/ipop.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/random.h"

namespace agents {

Ipop::Ipop(std::vector<double> start, const Options& options) : start_(std::move(start)), options_(options) {
  begin();
}

void Ipop::begin() {
  search_ = Cma(start_, options_.sigma, population(), options_.lazy);
  best_.clear();
}

// Each search draws candidates of its own.
std::vector<double> Ipop::ask(uint64_t seed) {
  return search_.ask(restarts_ == 0 ? seed : core::mix(seed, {"restart", restarts_}));
}

void Ipop::tell(std::span<const double> costs) {
  search_.tell(costs);
  best_.push_back(*std::min_element(costs.begin(), costs.end()));
  if (best_.size() > generations_remembered()) best_.erase(best_.begin());
  if (restarts_ == options_.restarts || !has_stopped(costs)) return;
  ++restarts_;
  begin();
}

// 10 + ceil(30 d / lambda)
size_t Ipop::generations_remembered() const {
  const auto lambda = static_cast<size_t>(population());
  return 10 + (30 * start_.size() + lambda - 1) / lambda;
}

// equalfunvalhist: the best of each of the latest generations are equal, or they and all of the latest one
// nearly so.
bool Ipop::is_flat(std::span<const double> costs) const {
  if (best_.size() < generations_remembered()) return false;
  const auto [least, most] = std::minmax_element(best_.begin(), best_.end());
  const auto [low, high] = std::minmax_element(costs.begin(), costs.end());
  return *least == *most || std::max(*most, *high) - std::min(*least, *low) < 1e-12;
}

bool Ipop::has_stopped(std::span<const double> costs) const {
  return is_flat(costs) || search_.reach() < 1e-12 * options_.sigma  // TolX
         || search_.is_stuck()                                       // noeffectaxis, noeffectcoord
         || search_.axis_ratio() > 1e7;                              // conditioncov: 1e14
}

static bool are_finite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

void Ipop::state(core::Archive& archive) {
  if (options_.restarts == 0) return search_.state(archive);
  archive("start", start_);
  archive.within("restarts", restarts_, int64_t{0}, options_.restarts);
  if (archive.loading()) begin();
  search_.state(archive);
  archive.sized("best", best_);
  core::check(are_finite(start_) && are_finite(best_) && best_.size() <= generations_remembered(),
              "saved restarts of CMA-ES hold numbers that cannot be");
}

}  // namespace agents
