#include "envs/toy_text/cliffwalking.h"

#include <array>

#include "envs/scene.h"

namespace envs {

namespace {

constexpr Grid coast(4, 12);
constexpr int64_t start = 36, goal = 47;

bool is_cliff(int64_t cell) { return cell > start && cell < goal; }

Transition arrive(int64_t cell, int64_t action, double probability) {
  const int64_t next = coast.neighbour(cell, 3 - action % 4);
  if (is_cliff(next)) return {probability, int32_t(start), -100, false};
  return {probability, int32_t(next), -1, next == goal};
}

}  // namespace

Transitions cliff_transitions(const CliffWalkingParams& params) {
  auto table = Transitions::empty(coast.cells(), 4);
  table.initial[size_t(start)] = 1;
  for (int64_t cell = 0; cell < table.states; ++cell)
    for (int64_t action = 0; action < 4; ++action) {
      auto& outcomes = table.of(cell, action);
      if (params.is_slippery)
        for (const int64_t turn : {3, 0, 1}) outcomes.push_back(arrive(cell, action + turn, 1.0 / 3));
      else
        outcomes = {arrive(cell, action, 1)};
    }
  return table;
}

namespace {

// Grass on a rock whose face breaks off above the sea.
void draw_land(int64_t cell, core::Canvas& canvas) {
  const core::Color meadow{222, 229, 206}, field{214, 222, 196}, tuft{178, 192, 152};
  const core::Vec at = coast.corner(cell);
  scene::tile(canvas, at, 0, (cell / coast.columns + cell % coast.columns) % 2 ? meadow : field);
  for (const double x : {0.2, 0.26, 0.72})
    canvas.line({at.x + x, at.y + 0.2}, {at.x + x + 0.03, at.y + 0.3}, tuft, 0.02);
}

void draw_drop(int64_t cell, core::Canvas& canvas) {
  const core::Color sea{66, 96, 130}, foam{122, 152, 182}, rock{128, 116, 104}, shade{104, 94, 85};
  const core::Vec at = coast.corner(cell);
  scene::tile(canvas, at, 0, sea);
  for (const double y : {0.14, 0.3})
    canvas.line({at.x + 0.2 + y, at.y + y}, {at.x + 0.45 + y, at.y + y}, foam, 0.03);
  const std::array<core::Vec, 6> face{{{at.x, at.y + 1},
                                       {at.x + 1, at.y + 1},
                                       {at.x + 1, at.y + 0.62},
                                       {at.x + 0.7, at.y + 0.5},
                                       {at.x + 0.35, at.y + 0.58},
                                       {at.x, at.y + 0.46}}};
  canvas.polygon(face, core::filled(rock));
  for (const double x : {0.22, 0.55, 0.85})
    canvas.line({at.x + x, at.y + 0.92}, {at.x + x - 0.04, at.y + 0.66}, shade, 0.03);
}

}  // namespace

void Cliff::draw(int64_t cell, core::Canvas& canvas) const {
  canvas.view({-0.2, -0.2, double(coast.columns) + 0.4, double(coast.rows) + 0.4}, scene::paper);
  for (int64_t k = 0; k < coast.cells(); ++k)
    if (is_cliff(k))
      draw_drop(k, canvas);
    else
      draw_land(k, canvas);
  const core::Vec home = coast.corner(start);
  canvas.circle({home.x + 0.5, home.y + 0.5}, 0.36, core::outlined(scene::steel, 0.04));
  scene::flag(canvas, coast.corner(goal));
  scene::walker(canvas, coast.corner(cell));
}

}  // namespace envs
