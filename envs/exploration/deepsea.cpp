#include "envs/exploration/deepsea.h"

#include "core/random.h"
#include "envs/grid.h"
#include "envs/scene.h"

namespace envs {

std::vector<int32_t> sea_rights(const DeepSeaParams& params) {
  core::Pcg64 random(uint64_t(params.mapping_seed));
  std::vector<int32_t> rights(size_t(params.size * params.size), 1);
  if (params.randomize_actions)
    for (int32_t& right : rights) right = random.random() < 0.5;
  return rights;
}

Transitions sea_transitions(const DeepSeaParams& params) {
  const int64_t size = params.size, end = size * size;
  const std::vector<int32_t> rights = sea_rights(params);
  const double cost = params.move_cost / double(size), slip = params.stochastic ? 1 / double(size) : 0;
  auto table = Transitions::empty(end + 1, 2);
  table.initial[0] = 1;
  for (int64_t state = 0; state < end; ++state) {
    const int64_t row = state / size, column = state % size, right = rights[size_t(state)];
    const auto to = [&](double probability, int64_t next, double reward) {
      const bool last = row + 1 == size;
      return Transition{probability, int32_t(last ? end : (row + 1) * size + next), reward, last};
    };
    const double reward = (column == size - 1) - cost;
    table.of(state, 1 - right) = {to(1, std::max<int64_t>(column - 1, 0), 0)};
    table.of(state, right) = {to(1 - slip, std::min(column + 1, size - 1), reward)};
    if (slip > 0) table.of(state, right).push_back(to(slip, column, reward));
  }
  for (const int64_t action : {0, 1}) table.of(end, action) = {{1, int32_t(end), 0, true}};
  return table;
}

namespace {

core::Color water(double depth) {
  const auto mix = [&](double light, double dark) { return uint8_t(light + (dark - light) * depth); };
  return {mix(150, 36), mix(196, 66), mix(220, 110)};
}

void draw_chest(core::Canvas& canvas, core::Vec at) {
  const core::Color wood{138, 96, 58}, gold{232, 184, 62};
  scene::tile(canvas, {at.x, at.y - 0.12}, 0.22, wood);
  canvas.line({at.x + 0.22, at.y + 0.46}, {at.x + 0.78, at.y + 0.46}, gold, 0.07);
  canvas.circle({at.x + 0.5, at.y + 0.36}, 0.07, core::filled(gold));
}

}  // namespace

void draw_sea(int64_t size, int64_t row, int64_t column, core::Canvas& canvas) {
  const double n = double(size);
  const core::Color rock{92, 88, 86}, sand{222, 206, 164};
  canvas.view({-0.2, -1.2, n + 0.4, n + 1.4}, scene::paper);
  for (int64_t r = 0; r < size; ++r)
    for (int64_t c = 0; c < size; ++c)  // what lies above the diagonal is never reached
      scene::tile(canvas, {double(c), double(size - 1 - r)}, 0, c > r ? rock : water(double(r) / n));
  for (int64_t c = 0; c < size; ++c) scene::tile(canvas, {double(c), -1}, 0, sand);
  draw_chest(canvas, {n - 1, -1});
  scene::walker(canvas, {double(column), double(size - 1 - row)});
}

}  // namespace envs
