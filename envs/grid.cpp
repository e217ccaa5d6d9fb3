#include "envs/grid.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "envs/scene.h"

namespace envs {

int64_t Grid::neighbour(int64_t cell, int64_t heading) const {
  const int64_t row = cell / columns, column = cell % columns;
  switch (heading) {
    case 0:
      return row * columns + std::max<int64_t>(column - 1, 0);
    case 1:
      return std::min(row + 1, rows - 1) * columns + column;
    case 2:
      return row * columns + std::min(column + 1, columns - 1);
    default:
      return std::max<int64_t>(row - 1, 0) * columns + column;
  }
}

core::Vec Grid::corner(int64_t cell) const {
  return {double(cell % columns), double(rows - 1 - cell / columns)};
}

void check_map(const GridMap& map, const std::string& key, std::string_view letters,
               const std::string& meaning) {
  core::check(!map.empty(), "{}: expected at least one row, found none", key);
  for (size_t row = 0; row < map.size(); ++row) {
    core::check(!map[row].empty() && map[row].size() == map[0].size(),
                "{} row {}: expected {} cells as in row 1, found {}", key, row + 1,
                std::max<size_t>(map[0].size(), 1), map[row].size());
    for (size_t column = 0; column < map[row].size(); ++column)
      core::check(letters.find(map[row][column]) != std::string_view::npos,
                  "{} row {}, column {}: expected {}, found '{}'", key, row + 1, column + 1, meaning,
                  map[row][column]);
  }
}

Transitions walk(const GridMap& map, std::string_view still,
                 const std::function<std::vector<Transition>(int64_t cell, int64_t action)>& outcomes) {
  auto table = Transitions::empty(Grid(map).cells(), 4);
  double starts = 0;
  for (int64_t cell = 0; cell < table.states; ++cell) starts += letter(map, cell) == 'S';
  for (int64_t cell = 0; cell < table.states; ++cell) {
    const char c = letter(map, cell);
    table.initial[size_t(cell)] = (c == 'S') / starts;
    for (int64_t action = 0; action < 4; ++action)
      if (still.find(c) != std::string_view::npos)
        table.of(cell, action) = {{1, int32_t(cell), 0, true}};
      else
        table.of(cell, action) = outcomes(cell, action);
  }
  return table;
}

namespace scene {

void tile(core::Canvas& canvas, core::Vec corner, double inset, core::Color color) {
  const double left = corner.x + inset, low = corner.y + inset, side = 1 - 2 * inset;
  const std::array<core::Vec, 4> corners{
      {{left, low}, {left + side, low}, {left + side, low + side}, {left, low + side}}};
  canvas.polygon(corners, core::filled(color));
}

void flag(core::Canvas& canvas, core::Vec corner) {
  const auto [x, y] = corner;
  canvas.line({x + 0.4, y + 0.18}, {x + 0.4, y + 0.85}, ink, 0.05);
  const std::array<core::Vec, 3> cloth{{{x + 0.42, y + 0.85}, {x + 0.78, y + 0.69}, {x + 0.42, y + 0.53}}};
  canvas.polygon(cloth, core::filled(goal));
}

void walker(core::Canvas& canvas, core::Vec corner) {
  const double x = corner.x + 0.5, y = corner.y + 0.5;
  canvas.object("walker");
  canvas.circle({x, y}, 0.24, {body, ink, 0.025});
  for (const double side : {-0.09, 0.09}) {
    canvas.circle({x + side, y + 0.06}, 0.055, core::filled(paper));
    canvas.circle({x + side, y + 0.05}, 0.028, core::filled(ink));
  }
  canvas.object("");
}

}  // namespace scene

}  // namespace envs
