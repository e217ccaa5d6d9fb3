#include "envs/toy_text/frozenlake.h"

#include "core/error.h"
#include "core/random.h"
#include "envs/scene.h"

namespace envs {

namespace {

// Whether steps from the first cell can reach the goal without a hole.
bool has_way(const GridMap& map) {
  const Grid grid(map);
  std::vector<int64_t> frontier{0};
  std::vector<bool> seen(size_t(grid.cells()));
  while (!frontier.empty()) {
    const int64_t cell = frontier.back();
    frontier.pop_back();
    if (letter(map, cell) == 'G') return true;
    if (seen[size_t(cell)] || letter(map, cell) == 'H') continue;
    seen[size_t(cell)] = true;
    for (int64_t heading = 0; heading < 4; ++heading) frontier.push_back(grid.neighbour(cell, heading));
  }
  return false;
}

// Gymnasium's generate_random_map, draw for draw: maps until one has a way. NumPy's choice compares one
// uniform number a cell with the cumulated probabilities.
GridMap random_map(const FrozenLakeParams& params) {
  constexpr int64_t most_cells = 10'000'000;  // a part of a second
  const size_t n = size_t(params.map_size);
  const int64_t most = std::clamp<int64_t>(most_cells / (params.map_size * params.map_size), 1, 100'000);
  const double ice = params.map_ice / (params.map_ice + (1 - params.map_ice));
  core::Pcg64 random(uint64_t(params.map_seed));
  GridMap map(n, std::string(n, 'F'));
  for (int64_t tries = 0; tries < most; ++tries) {
    for (std::string& row : map)
      for (char& cell : row) cell = random.random() < ice ? 'F' : 'H';
    map[0][0] = 'S';
    map[n - 1][n - 1] = 'G';
    if (has_way(map)) return map;
  }
  core::fail(
      "map_ice: expected more than {}, with which none of {} maps of {} by {} cells has a way to the goal",
      params.map_ice, most, n, n);
}

}  // namespace

GridMap lake_map(const FrozenLakeParams& params) {
  if (params.map.empty() && params.map_name == "random") return random_map(params);
  if (params.map.empty() && params.map_name == "4x4") return {"SFFF", "FHFH", "FFFH", "HFFG"};
  if (params.map.empty())
    return {"SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"};
  check_map(params.map, "map", "SFHG", "S start, F ice, H hole or G goal");
  bool start = false;
  for (const std::string& row : params.map) start |= row.find('S') != std::string::npos;
  core::check(start, "map: expected a start cell S, found none");
  return params.map;
}

Transitions lake_transitions(const FrozenLakeParams& params) {
  core::check(params.reward_schedule.size() == 3,
              "reward_schedule: expected 3 numbers (goal, hole, ice), found {}",
              params.reward_schedule.size());
  const GridMap map = lake_map(params);
  const Grid grid(map);
  const auto arrive = [&](int64_t cell, int64_t action, double probability) {
    const int64_t next = grid.neighbour(cell, action % 4);
    const char c = letter(map, next);
    const double reward = params.reward_schedule[c == 'G' ? 0 : c == 'H' ? 1 : 2];
    return Transition{probability, int32_t(next), reward, c == 'G' || c == 'H'};
  };

  const double slip = (1 - params.success_rate) / 2;
  return walk(map, "GH", [&](int64_t cell, int64_t action) -> std::vector<Transition> {
    if (!params.is_slippery) return {arrive(cell, action, 1)};
    return {arrive(cell, action + 3, slip), arrive(cell, action, params.success_rate),
            arrive(cell, action + 1, slip)};
  });
}

namespace {

void draw_cell(char letter, core::Vec corner, core::Canvas& canvas) {
  const core::Color ice{226, 238, 245}, edge{198, 217, 229}, water{66, 96, 130}, deep{44, 68, 98};
  const auto [x, y] = corner;
  scene::tile(canvas, corner, 0, edge);
  scene::tile(canvas, corner, 0.02, ice);
  canvas.line({x + 0.15, y + 0.72}, {x + 0.35, y + 0.86}, edge, 0.02);
  canvas.line({x + 0.62, y + 0.14}, {x + 0.86, y + 0.30}, edge, 0.02);
  if (letter == 'H') {
    canvas.circle({x + 0.5, y + 0.5}, 0.40, core::filled(water));
    canvas.circle({x + 0.5, y + 0.47}, 0.31, core::filled(deep));
  }
  if (letter == 'S') canvas.circle({x + 0.5, y + 0.5}, 0.36, core::outlined(scene::steel, 0.04));
  if (letter == 'G') {
    scene::tile(canvas, corner, 0.08, {208, 230, 214});
    scene::flag(canvas, corner);
  }
}

}  // namespace

void Lake::draw(int64_t cell, core::Canvas& canvas) const {
  const Grid grid(map_);
  canvas.view({-0.1, -0.1, double(grid.columns) + 0.2, double(grid.rows) + 0.2}, scene::paper);
  for (int64_t k = 0; k < grid.cells(); ++k) draw_cell(letter(map_, k), grid.corner(k), canvas);
  scene::walker(canvas, grid.corner(cell));
}

}  // namespace envs
