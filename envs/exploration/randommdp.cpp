#include "envs/exploration/randommdp.h"

#include <array>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/random.h"
#include "envs/grid.h"
#include "envs/scene.h"

namespace envs {

namespace {

// Different states, in the order in which they are drawn.
std::vector<int32_t> draw_states(int64_t n, int64_t wanted, core::Pcg64& random) {
  std::vector<int32_t> drawn;
  while (int64_t(drawn.size()) < wanted) {
    const auto state = int32_t(random.integers(0, n));
    if (std::find(drawn.begin(), drawn.end(), state) == drawn.end()) drawn.push_back(state);
  }
  return drawn;
}

// The parts into which cuts divide 0 .. 1.
std::vector<double> draw_shares(int64_t parts, core::Pcg64& random) {
  std::vector<double> cuts{0, 1};
  for (int64_t k = 1; k < parts; ++k) cuts.push_back(random.random());
  std::sort(cuts.begin(), cuts.end());
  std::vector<double> shares;
  for (size_t k = 0; k + 1 < cuts.size(); ++k) shares.push_back(cuts[k + 1] - cuts[k]);
  return shares;
}

}  // namespace

Transitions random_transitions(const RandomMdpParams& params) {
  core::check(params.branching <= params.states, "branching: expected at most {} states, found {}",
              params.states, params.branching);
  core::Pcg64 random(uint64_t(params.mdp_seed));
  auto table = Transitions::empty(params.states, params.actions);
  table.initial.assign(size_t(params.states), 1 / double(params.states));
  for (auto& outcomes : table.outcomes) {
    const double reward = random.random();
    const auto next = draw_states(params.states, params.branching, random);
    const auto shares = draw_shares(params.branching, random);
    for (size_t k = 0; k < next.size(); ++k) outcomes.push_back({shares[k], next[k], reward, false});
  }
  return table;
}

// States on a circle; from the present one an arrow for each outcome, as wide as it is probable.
void RandomPlan::draw(int64_t state, core::Canvas& canvas) const {
  static constexpr std::array<core::Color, 4> colors{scene::force, scene::goal, scene::body,
                                                     core::Color{150, 110, 170}};
  const double n = double(table_.states), radius = std::max(2.5, 1.3 * n / (2 * std::numbers::pi));
  const auto at = [&](int64_t s) {
    const double angle = 2 * std::numbers::pi * double(s) / n;
    return core::Vec{radius * std::cos(angle), radius * std::sin(angle)};
  };
  canvas.view({-radius - 0.8, -radius - 0.8, 2 * radius + 1.6, 2 * radius + 1.6}, scene::paper);
  for (int64_t s = 0; s < table_.states; ++s)
    canvas.circle(at(s), 0.4, {{233, 231, 223}, scene::steel, 0.04});
  for (int64_t action = 0; action < table_.actions; ++action)
    for (const Transition& o : table_.of(state, action))
      scene::arrow(canvas, at(state), at(o.next), colors[size_t(action) % colors.size()],
                   0.02 + 0.08 * o.probability);
  const core::Vec here = at(state);
  scene::walker(canvas, {here.x - 0.5, here.y - 0.5});
}

}  // namespace envs
