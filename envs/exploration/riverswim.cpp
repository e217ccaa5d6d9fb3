#include "envs/exploration/riverswim.h"

#include "envs/grid.h"
#include "envs/scene.h"

namespace envs {

namespace {

// What a stroke against the current does: stay, advance or be carried back.
std::vector<Transition> stroke(int32_t state, int32_t last, double large_reward) {
  const int32_t up = state + 1, down = state - 1;
  if (state == 0) return {{0.7, state, 0, false}, {0.3, up, 0, false}};
  if (state == last) return {{0.7, down, 0, false}, {0.3, state, large_reward, false}};
  return {{0.1, down, 0, false}, {0.6, state, 0, false}, {0.3, up, 0, false}};
}

}  // namespace

Transitions river_transitions(const RiverSwimParams& params) {
  const auto last = int32_t(params.length - 1);
  auto table = Transitions::empty(params.length, 2);
  table.initial[1] = table.initial[2] = 0.5;
  for (int32_t state = 0; state <= last; ++state) {
    table.of(state, 0) = {{1, std::max(state - 1, 0), state == 0 ? params.small_reward : 0, false}};
    table.of(state, 1) = stroke(state, last, params.large_reward);
  }
  return table;
}

namespace {

// Water that flows to the left.
void draw_water(core::Canvas& canvas, double x, core::Color water) {
  const core::Color foam{150, 180, 206};
  scene::tile(canvas, {x, 0}, 0, water);
  for (const double y : {0.14, 0.86}) scene::arrow(canvas, {x + 0.75, y}, {x + 0.25, y}, foam, 0.03);
}

}  // namespace

void River::draw(int64_t state, core::Canvas& canvas) const {
  const double n = double(params_.length);
  const core::Color bank{214, 222, 196};
  canvas.view({-1.1, -0.9, n + 2.2, 2.8}, scene::paper);
  for (int64_t k = -1; k <= params_.length; ++k)
    for (const double y : {-0.6, 0.6}) scene::tile(canvas, {double(k), y}, 0, bank);
  for (int64_t k = -1; k <= params_.length; ++k)
    draw_water(canvas, double(k), k % 2 ? core::Color{96, 134, 172} : core::Color{104, 142, 180});
  canvas.circle({0.5, 1.25}, 0.12, {{214, 168, 56}, scene::ink, 0.02});  // the small reward
  scene::flag(canvas, {n - 1, 0.85});
  scene::walker(canvas, {double(state), 0});
}

}  // namespace envs
