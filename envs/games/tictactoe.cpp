#include "envs/games/tictactoe.h"

#include <string>

#include "envs/grid.h"
#include "envs/scene.h"

namespace envs::games {

int32_t TicTacToe::number(int player) const {
  const uint16_t own = stones(player), others = stones(1 - player);
  int32_t number = 0;
  for (int cell = actions - 1; cell >= 0; --cell)
    number = 3 * number + (own >> cell & 1) + 2 * (others >> cell & 1);
  return number;
}

bool TicTacToe::is_sound() const {
  const int ahead = std::popcount(uint32_t(theirs)) - std::popcount(uint32_t(mine));
  return (mine & theirs) == 0 && (mine | theirs) <= 0777 && (ahead == 0 || ahead == 1);
}

namespace {

constexpr Grid paper_grid(3, 3);

core::Vec middle(int cell) {
  const core::Vec corner = paper_grid.corner(cell);
  return {corner.x + 0.5, corner.y + 0.5};
}

void draw_cross(core::Canvas& canvas, core::Vec at) {
  const double r = 0.26;
  canvas.line({at.x - r, at.y - r}, {at.x + r, at.y + r}, scene::body, 0.11);
  canvas.line({at.x - r, at.y + r}, {at.x + r, at.y - r}, scene::body, 0.11);
}

void draw_lines(core::Canvas& canvas) {
  for (const double k : {1.0, 2.0}) {
    canvas.line({k, 0.05}, {k, 2.95}, scene::steel, 0.05);
    canvas.line({0.05, k}, {2.95, k}, scene::steel, 0.05);
  }
}

// Through the three that have won.
void strike(const TicTacToe& board, core::Canvas& canvas) {
  for (const uint16_t line : TicTacToe::lines)
    if ((board.theirs & line) == line)
      canvas.line(middle(std::countr_zero(line)), middle(15 - std::countl_zero(line)), scene::ink, 0.06);
}

}  // namespace

void draw_board(const TicTacToe& board, int player, int last, core::Canvas& canvas) {
  canvas.view({-0.15, -0.15, 3.3, 3.3}, scene::paper);
  if (last >= 0) scene::tile(canvas, paper_grid.corner(last), 0.05, {238, 234, 220});
  draw_lines(canvas);
  for (int cell = 0; cell < TicTacToe::actions; ++cell) {
    const core::Vec at = middle(cell);
    if (board.stones(player) >> cell & 1)
      draw_cross(canvas, at);
    else if (board.stones(1 - player) >> cell & 1)
      canvas.circle(at, 0.28, core::outlined(scene::force, 0.11));
    else  // the key that plays it
      canvas.text({at.x, at.y - 0.06}, std::to_string(cell), 0.12, {190, 188, 180}, core::Align::center);
  }
  if (board.result() == Result::won) strike(board, canvas);
}

}  // namespace envs::games
