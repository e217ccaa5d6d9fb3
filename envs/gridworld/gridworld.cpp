#include "envs/gridworld/gridworld.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/error.h"
#include "envs/scene.h"

namespace envs {

const GridMap& shipped_map(const std::string& name) {
  static const std::map<std::string, GridMap> maps{
      {"cliff", {"............", "............", "............", "SPPPPPPPPPPG"}},
      {"dyna_maze", {".......#G", "..#....#.", "S.#....#.", "..#......", ".....#...", "........."}},
      {"four_rooms",
       {"#############", "#S....#.....#", "#.....#.....#", "#...........#", "#.....#.....#", "#.....#.....#",
        "##.####.....#", "#.....###.###", "#.....#.....#", "#.....#.....#", "#...........#", "#S....#....G#",
        "#############"}},
      {"textbook", {"...G", ".#.P", "S..."}}};
  return maps.at(name);
}

namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_end(char c) { return c == 'G' || c == 'P'; }

}  // namespace

GridMap grid_map(const GridWorldParams& params) {
  GridMap map = params.map.empty() ? shipped_map(params.map_name) : params.map;
  check_map(map, "map", ".#SGPabcdefghijklmnopqrstuvwxyz",
            ". floor, # wall, S start, G goal, P pit or a letter a .. z");
  bool start = false;
  for (const std::string& row : map) start |= row.find('S') != std::string::npos;
  core::check(start, "map: expected a start cell S, found none");
  return map;
}

std::map<char, double> letter_rewards(const GridWorldParams& params) {
  std::map<char, double> rewards;
  for (const std::string& entry : params.letter_rewards) {
    const char* end = entry.data() + entry.size();
    double reward = 0;
    const bool shaped = entry.size() > 2 && is_letter(entry[0]) && entry[1] == ' ';
    const auto read = shaped ? std::from_chars(entry.data() + 2, end, reward) : std::from_chars_result{};
    core::check(shaped && read.ec == std::errc() && read.ptr == end && std::isfinite(reward),
                "letter_rewards: expected a letter a .. z, a blank and a number, found '{}'", entry);
    core::check(rewards.emplace(entry[0], reward).second, "letter_rewards: found two rewards for '{}'",
                entry[0]);
  }
  const GridMap map = grid_map(params);
  for (size_t row = 0; row < map.size(); ++row)
    for (size_t column = 0; column < map[row].size(); ++column)
      core::check(!is_letter(map[row][column]) || rewards.contains(map[row][column]),
                  "map row {}, column {}: expected a reward for '{}' among letter_rewards, found none",
                  row + 1, column + 1, map[row][column]);
  return rewards;
}

Transitions grid_transitions(const GridWorldParams& params) {
  const GridMap map = grid_map(params);
  const auto rewards = letter_rewards(params);
  const Grid grid(map);
  const auto arrive = [&](int64_t cell, int64_t action, double probability) {
    const int64_t ahead = grid.neighbour(cell, action % 4), next = letter(map, ahead) == '#' ? cell : ahead;
    const char c = letter(map, next);
    const double own = is_letter(c) ? rewards.at(c)
                       : c == 'G'   ? params.goal_reward
                       : c == 'P'   ? params.pit_reward
                                    : 0;
    return Transition{probability, int32_t(next), params.step_reward + own, is_end(c)};
  };

  return walk(map, "#GP", [&](int64_t cell, int64_t action) -> std::vector<Transition> {
    if (params.slip == 0) return {arrive(cell, action, 1)};
    return {arrive(cell, action, 1 - params.slip), arrive(cell, action + 1, params.slip / 2),
            arrive(cell, action + 3, params.slip / 2)};
  });
}

void draw_ground(const GridMap& map, core::Canvas& canvas) {
  const Grid grid(map);
  const double columns = double(grid.columns), rows = double(grid.rows), edge = 0.06;
  canvas.view({-0.2, -0.2, columns + 0.4, rows + 0.4}, scene::paper);
  for (int64_t cell = 0; cell < grid.cells(); ++cell) {
    const core::Vec at = grid.corner(cell);
    const bool odd = (cell / grid.columns + cell % grid.columns) % 2;
    scene::tile(canvas, at, 0, odd ? core::Color{240, 238, 231} : core::Color{233, 231, 223});
    if (letter(map, cell) != '#') continue;
    scene::tile(canvas, at, 0, {78, 88, 102});
    scene::tile(canvas, {at.x, at.y + 0.06}, 0.06, scene::steel);
  }
  const std::vector<core::Vec> frame{{-edge / 2, -edge / 2},
                                     {columns + edge / 2, -edge / 2},
                                     {columns + edge / 2, rows + edge / 2},
                                     {-edge / 2, rows + edge / 2}};
  canvas.polygon(frame, core::outlined({78, 88, 102}, edge));
}

void draw_goal(core::Vec at, core::Canvas& canvas) {
  scene::tile(canvas, at, 0.05, {208, 230, 214});
  scene::flag(canvas, at);
}

void GridPlan::draw_cell(int64_t cell, core::Canvas& canvas) const {
  const char c = letter(map_, cell);
  const core::Vec at = Grid(map_).corner(cell);
  if (c == 'S') canvas.circle({at.x + 0.5, at.y + 0.5}, 0.36, core::outlined(scene::steel, 0.04));
  if (c == 'G') draw_goal(at, canvas);
  if (c == 'P') {
    canvas.circle({at.x + 0.5, at.y + 0.5}, 0.4, {{70, 52, 56}, scene::danger, 0.06});
    canvas.circle({at.x + 0.5, at.y + 0.46}, 0.27, core::filled({48, 36, 40}));
  }
  if (is_letter(c)) {
    const double reward = rewards_.at(c);
    const core::Color good{216, 232, 220}, bad{240, 214, 208};
    scene::tile(canvas, at, 0.05, reward < 0 ? bad : good);
    canvas.text({at.x + 0.5, at.y + 0.1}, fmt::format("{:+g}", reward), 0.16,
                reward < 0 ? scene::danger : scene::goal, core::Align::center);
  }
}

void GridPlan::draw(int64_t cell, core::Canvas& canvas) const {
  const Grid grid(map_);
  draw_ground(map_, canvas);
  for (int64_t k = 0; k < grid.cells(); ++k) draw_cell(k, canvas);
  scene::walker(canvas, grid.corner(cell));
}

}  // namespace envs
