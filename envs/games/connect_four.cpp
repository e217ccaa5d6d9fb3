#include "envs/games/connect_four.h"

#include <string>

#include "envs/scene.h"

namespace envs::games {

// Stones lie on one another, from the lowest cell up.
bool ConnectFour::is_sound() const {
  const uint64_t all = mine | theirs;
  const int ahead = std::popcount(theirs) - std::popcount(mine);
  return (mine & theirs) == 0 && (all & ~board) == 0 && ((all + bottom) & all) == 0 &&
         (ahead == 0 || ahead == 1);
}

namespace {

constexpr core::Color empty{250, 249, 245}, red{200, 84, 66}, yellow{236, 190, 70};

// All stones of all fours.
uint64_t winners(uint64_t stones) {
  uint64_t all = 0;
  for (const int step : {1, 6, 7, 8}) {
    const uint64_t pairs = stones & stones >> step, first = pairs & pairs >> 2 * step;
    all |= first | first << step | first << 2 * step | first << 3 * step;
  }
  return all;
}

void draw_rack(core::Canvas& canvas) {
  const std::array<core::Vec, 4> rack{{{-0.1, -0.1}, {7.1, -0.1}, {7.1, 6.1}, {-0.1, 6.1}}};
  canvas.polygon(rack, {{64, 108, 168}, {44, 78, 126}, 0.08});
  for (const double x : {-0.1, 7.1}) canvas.line({x, -0.5}, {x, 6.1}, {44, 78, 126}, 0.2);
}

// The row on which the top stone of a column lies, from below; -1: none.
int top_stone(const ConnectFour& board, int column) {
  return std::popcount((board.mine | board.theirs) >> 7 * column & 63) - 1;
}

}  // namespace

void draw_board(const ConnectFour& board, int player, int last, core::Canvas& canvas) {
  canvas.view({-0.5, -0.8, 8, 7.3}, scene::paper);
  draw_rack(canvas);
  const uint64_t shining = board.result() == Result::won ? winners(board.theirs) : 0;
  for (int cell = 0; cell < cells<ConnectFour>; ++cell) {
    const int row = cell / 7, column = cell % 7, at = ConnectFour::bit(row, column);
    const bool own = board.stones(player) >> at & 1, others = board.stones(1 - player) >> at & 1;
    const core::Vec middle{column + 0.5, 5.5 - row};
    canvas.circle(middle, 0.42, core::filled(own ? red : others ? yellow : empty));
    if (shining >> at & 1) canvas.circle(middle, 0.36, core::outlined(scene::paper, 0.08));
  }
  for (int column = 0; column < 7; ++column)  // the key that plays it
    canvas.text({column + 0.5, -0.55}, std::to_string(column), 0.24, scene::steel, core::Align::center);
  if (last >= 0 && top_stone(board, last) >= 0)
    canvas.circle({last + 0.5, top_stone(board, last) + 0.5}, 0.1, core::filled(scene::ink));
}

}  // namespace envs::games
