#include "agents/tabular/monte_carlo.h"

#include <utility>

#include "core/error.h"

namespace agents {

void MonteCarloRule::Options::fields(core::Fields& own) {
  own.choice("visits", visits,
             "Which visits of a pair in an episode are learned from: the first or every one",
             {"first", "every"});
}

static int64_t needed_limit(const TabularPlay& play) {
  core::check(play.time_limit() > 0,
              "env: monte_carlo learns when an episode is over, and needs a time limit; set "
              "env.max_episode_steps");
  return play.time_limit();
}

MonteCarloRule::MonteCarloRule(TabularPlay& play, const Options& options, training::Build& build)
    : play_(play),
      next_action_(play, build),
      trail_(play, needed_limit(play), build),
      first_only_(options.visits == "first"),
      seen_in_(static_cast<size_t>(first_only_ ? play.states() * play.actions() : 0)) {}

bool MonteCarloRule::counts(const Trail::Visit& visit) {
  if (!first_only_) return true;
  return std::exchange(seen_in_[static_cast<size_t>(visit.state * play_.actions() + visit.action)],
                       episode_) != episode_;
}

void MonteCarloRule::learn(double tail) {
  ++episode_;
  const auto& returns = trail_.returns(
      tail, [&](int64_t k, double gained) { return trail_[k].reward + play_.gamma() * gained; });
  for (int64_t k = 0; k < trail_.size(); ++k)
    if (counts(trail_[k])) play_.learn(trail_[k].state, trail_[k].action, returns[static_cast<size_t>(k)]);
  trail_.clear();
}

}  // namespace agents
