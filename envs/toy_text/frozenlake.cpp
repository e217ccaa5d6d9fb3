#include "envs/toy_text/frozenlake.h"

#include <algorithm>

#include "core/error.h"
#include "envs/scene.h"

namespace envs {

std::vector<std::string> lake_map(const FrozenLakeParams& params) {
  if (params.map.empty() && params.map_name == "4x4") return {"SFFF", "FHFH", "FFFH", "HFFG"};
  if (params.map.empty())
    return {"SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"};
  const auto& map = params.map;
  bool start = false;
  for (size_t row = 0; row < map.size(); ++row) {
    core::check(!map[row].empty() && map[row].size() == map[0].size(),
                "map row {}: expected {} cells as in row 1, found {}", row + 1,
                std::max<size_t>(map[0].size(), 1), map[row].size());
    for (size_t column = 0; column < map[row].size(); ++column) {
      const char cell = map[row][column];
      core::check(std::string("SFHG").find(cell) != std::string::npos,
                  "map row {}, column {}: expected S start, F ice, H hole or G goal, found '{}'", row + 1,
                  column + 1, cell);
      start |= cell == 'S';
    }
  }
  core::check(start, "map: expected a start cell S, found none");
  return map;
}

namespace {

// Where a step in direction `action` ends; the border holds.
int64_t neighbour(int64_t cell, int64_t action, int64_t rows, int64_t columns) {
  const int64_t row = cell / columns, column = cell % columns;
  switch (action) {
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

}  // namespace

Transitions lake_transitions(const FrozenLakeParams& params) {
  core::check(params.reward_schedule.size() == 3,
              "reward_schedule: expected 3 numbers (goal, hole, ice), found {}",
              params.reward_schedule.size());
  const auto map = lake_map(params);
  const int64_t rows = int64_t(map.size()), columns = int64_t(map[0].size());
  const auto letter = [&](int64_t cell) { return map[size_t(cell / columns)][size_t(cell % columns)]; };
  const auto arrive = [&](int64_t cell, int64_t action, double probability) {
    const int64_t next = neighbour(cell, action, rows, columns);
    const char c = letter(next);
    const double reward = params.reward_schedule[c == 'G' ? 0 : c == 'H' ? 1 : 2];
    return Transition{probability, int32_t(next), reward, c == 'G' || c == 'H'};
  };

  auto table = Transitions::empty(rows * columns, 4);
  const double slip = (1 - params.success_rate) / 2;
  double starts = 0;
  for (int64_t cell = 0; cell < table.states; ++cell) starts += letter(cell) == 'S';
  for (int64_t cell = 0; cell < table.states; ++cell) {
    table.initial[size_t(cell)] = (letter(cell) == 'S') / starts;
    for (int64_t action = 0; action < 4; ++action) {
      auto& outcomes = table.of(cell, action);
      if (letter(cell) == 'G' || letter(cell) == 'H')
        outcomes = {{1, int32_t(cell), 0, true}};
      else if (!params.is_slippery)
        outcomes = {arrive(cell, action, 1)};
      else
        outcomes = {arrive(cell, (action + 3) % 4, slip), arrive(cell, action, params.success_rate),
                    arrive(cell, (action + 1) % 4, slip)};
    }
  }
  return table;
}

namespace {

void draw_cell(char letter, double x, double y, core::Canvas& canvas) {
  const core::Color ice{226, 238, 245}, edge{198, 217, 229}, water{66, 96, 130}, deep{44, 68, 98};
  const auto tile = [&](double inset, core::Color color) {
    const std::array<core::Vec, 4> corners{{{x + inset, y + inset},
                                            {x + 1 - inset, y + inset},
                                            {x + 1 - inset, y + 1 - inset},
                                            {x + inset, y + 1 - inset}}};
    canvas.polygon(corners, core::filled(color));
  };
  tile(0, edge), tile(0.02, ice);
  canvas.line({x + 0.15, y + 0.72}, {x + 0.35, y + 0.86}, edge, 0.02);
  canvas.line({x + 0.62, y + 0.14}, {x + 0.86, y + 0.30}, edge, 0.02);
  if (letter == 'H') {
    canvas.circle({x + 0.5, y + 0.5}, 0.40, core::filled(water));
    canvas.circle({x + 0.5, y + 0.47}, 0.31, core::filled(deep));
  }
  if (letter == 'S') canvas.circle({x + 0.5, y + 0.5}, 0.36, core::outlined(scene::steel, 0.04));
  if (letter == 'G') {
    tile(0.08, {208, 230, 214});
    canvas.line({x + 0.4, y + 0.18}, {x + 0.4, y + 0.85}, scene::ink, 0.05);
    const std::array<core::Vec, 3> flag{{{x + 0.42, y + 0.85}, {x + 0.78, y + 0.69}, {x + 0.42, y + 0.53}}};
    canvas.polygon(flag, core::filled(scene::goal));
  }
}

}  // namespace

void draw_lake(const std::vector<std::string>& map, int64_t cell, core::Canvas& canvas) {
  const double rows = double(map.size()), columns = double(map[0].size());
  canvas.view({-0.1, -0.1, columns + 0.2, rows + 0.2}, scene::paper);
  for (size_t row = 0; row < map.size(); ++row)
    for (size_t column = 0; column < map[0].size(); ++column)
      draw_cell(map[row][column], double(column), rows - 1 - double(row), canvas);
  const double x = double(cell % int64_t(map[0].size())) + 0.5,
               y = rows - 0.5 - double(cell / int64_t(map[0].size()));
  canvas.circle({x, y}, 0.24, {scene::body, scene::ink, 0.025});
  for (const double side : {-0.09, 0.09}) {
    canvas.circle({x + side, y + 0.06}, 0.055, core::filled(scene::paper));
    canvas.circle({x + side, y + 0.05}, 0.028, core::filled(scene::ink));
  }
}

}  // namespace envs
