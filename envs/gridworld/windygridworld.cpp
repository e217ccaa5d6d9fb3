#include "envs/gridworld/windygridworld.h"

#include <fmt/format.h>

#include <array>

#include "envs/gridworld/gridworld.h"
#include "envs/scene.h"

namespace envs {

namespace {

constexpr Grid plain(7, 10);
constexpr int64_t start = 30, goal = 37;                                // cells
constexpr std::array<int64_t, 10> winds{0, 0, 0, 1, 1, 1, 2, 2, 1, 0};  // upwards, by column

struct Move {
  int64_t down, right;
};
constexpr std::array<Move, 8> moves{{{0, -1}, {1, 0}, {0, 1}, {-1, 0}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}}};

Transition blown(int64_t cell, Move move, int64_t wind, double probability) {
  const int64_t row = std::clamp<int64_t>(cell / plain.columns + move.down - wind, 0, plain.rows - 1);
  const int64_t column = std::clamp<int64_t>(cell % plain.columns + move.right, 0, plain.columns - 1);
  const int64_t next = row * plain.columns + column;
  return {probability, int32_t(next), -1, next == goal};
}

}  // namespace

Transitions windy_transitions(const WindyGridWorldParams& params) {
  auto table = Transitions::empty(plain.cells(), params.king_moves ? 8 : 4);
  table.initial[size_t(start)] = 1;
  for (int64_t cell = 0; cell < table.states; ++cell)
    for (int64_t action = 0; action < table.actions; ++action) {
      const int64_t wind = winds[size_t(cell % plain.columns)];
      const Move move = moves[size_t(action)];
      if (params.stochastic_wind && wind > 0)
        for (const int64_t more : {-1, 0, 1})
          table.of(cell, action).push_back(blown(cell, move, wind + more, 1.0 / 3));
      else
        table.of(cell, action) = {blown(cell, move, wind, 1)};
    }
  return table;
}

void WindyPlan::draw(int64_t cell, core::Canvas& canvas) const {
  static const GridMap ground(size_t(plain.rows), std::string(size_t(plain.columns), '.'));
  const core::Color air{170, 196, 222};
  draw_ground(ground, canvas);
  for (int64_t k = 0; k < plain.cells(); ++k) {
    const auto [x, y] = plain.corner(k);
    for (int64_t gust = 0; gust < winds[size_t(k % plain.columns)]; ++gust)
      scene::arrow(canvas, {x + 0.3 + 0.4 * double(gust), y + 0.2}, {x + 0.3 + 0.4 * double(gust), y + 0.8},
                   air, 0.05);
  }
  const core::Vec home = plain.corner(start);
  canvas.circle({home.x + 0.5, home.y + 0.5}, 0.36, core::outlined(scene::steel, 0.04));
  draw_goal(plain.corner(goal), canvas);
  scene::walker(canvas, plain.corner(cell));
}

}  // namespace envs
