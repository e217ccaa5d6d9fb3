#include "agents/exploration/count_bonus.h"

#include <algorithm>
#include <cmath>

namespace agents {

void CountBonusOptions::fields(core::Fields& own) {
  own.add("bonus", bonus,
          "beta: what a move's first trial is worth beside its reward; that of its n-th is beta / sqrt(n)",
          {.min = 0, .max = 1e6, .unit = "reward"});
  own.add("sweeps", sweeps, "Passes over the model, at most, after each episode and each move that is new",
          {.min = 1, .max = 1e6});
}

CountBonusRule::CountBonusRule(TabularPlay& play, const Options& options, training::Build& build)
    : play_(play),
      options_(options),
      model_(play.states(), play.actions(), play.masked()),
      optimistic_(static_cast<size_t>(play.states() * play.actions()), options.bonus / (1 - play.gamma())) {
  core::check(play.gamma() < 1,
              "count_bonus.gamma: a move that was never tried is worth bonus / (1 - gamma); expected below "
              "1, found {}",
              play.gamma());
  build.state("model", [this](core::Archive& archive) {
    model_.state(archive);
    archive("optimistic", optimistic_);
  });
}

void CountBonusRule::learn_one(training::Step& step) {
  const int64_t state = play_.state();
  const auto move = play_.play(play_.choose_by(optimistic(state), play_.mask()), step);
  model_.observe({move.state, move.action}, move.next, move.reward, move.terminated, play_.next_mask());
  if (move.ended || model_.visits({move.state, move.action}) == 1) plan();
}

double CountBonusRule::sweep() {
  double change = 0;
  model_.each_pair_backwards([&](WorldModel::Pair pair) {
    const auto ahead = [&](const WorldModel::Arrival& to, const double* values) {
      const double best =
          to.terminated != 0 ? 0 : values[best_possible(values, play_.actions(), model_.mask(to.next))];
      return to.reward + play_.gamma() * best;
    };
    const double hoped = model_.expected(pair, [&](const auto& to) {
      return ahead(to, optimistic(to.next));
    }) + options_.bonus / std::sqrt(static_cast<double>(model_.visits(pair)));
    double& value = optimistic(pair.state)[pair.action];
    change = std::max(change, std::abs(hoped - value));
    value = hoped;
    play_.q().set(pair.state, pair.action, model_.expected(pair, [&](const auto& to) {
      return ahead(to, play_.q().row(to.next).data());
    }));
  });
  return change;
}

void CountBonusRule::plan() {
  const double enough = 1e-3 * options_.bonus;
  for (int64_t k = 0; k < options_.sweeps && sweep() > enough; ++k) {
  }
}

}  // namespace agents
