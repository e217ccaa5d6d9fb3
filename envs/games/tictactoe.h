// TicTacToe: three in a row on a board of 3 x 3 cells. Cells are numbered row by row, from the upper left.
#pragma once

#include <array>
#include <bit>

#include "core/canvas.h"
#include "envs/games/game.h"

namespace envs::games {

struct TicTacToe {
  static constexpr int rows = 3, columns = 3, actions = 9;
  static constexpr int64_t states = 19683;  // 3^9
  static constexpr std::array<int, 9> order{4, 0, 2, 6, 8, 1, 3, 5, 7};
  static constexpr std::array<uint16_t, 8> lines{0007, 0070, 0700, 0111, 0222, 0444, 0421, 0124};

  uint16_t mine = 0, theirs = 0;  // stones of who is to move, and of who has played last

  static int bit(int row, int column) { return 3 * row + column; }
  uint32_t legal() const { return ~uint32_t(mine | theirs) & 0777; }
  void play(int cell) {
    const auto played = uint16_t(mine | 1 << cell);
    mine = theirs;
    theirs = played;
  }
  Result result() const {
    if (has_line(theirs)) return Result::won;
    return legal() ? Result::open : Result::drawn;
  }
  int moves() const { return std::popcount(uint32_t(mine | theirs)); }
  uint16_t stones(int player) const { return moves() % 2 == player ? mine : theirs; }
  int32_t number(
      int player) const;  // base 3, cell 0 the lowest digit: 0 empty, 1 the player's, 2 the other's
  bool is_sound() const;
  bool operator==(const TicTacToe&) const = default;

 private:
  static bool has_line(uint16_t stones) {
    bool has = false;
    for (const uint16_t line : lines) has |= (stones & line) == line;
    return has;
  }
};
static_assert(Numbered<TicTacToe>);

// `player`'s stones are crosses. `last`: the cell that was played last, -1: none.
void draw_board(const TicTacToe& board, int player, int last, core::Canvas& canvas);

}  // namespace envs::games
