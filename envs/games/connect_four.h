// ConnectFour: stones fall into seven columns of six; four in a row win, upright, level or aslant. Bitboards
// as of Tromp's Fhourstones: seven bits a column, the lowest cell first, the seventh always 0, so that no row
// of shifted bits runs from one column into the next.
#pragma once

#include <array>
#include <bit>

#include "core/canvas.h"
#include "envs/games/game.h"

namespace envs::games {

struct ConnectFour {
  static constexpr int rows = 6, columns = 7, actions = 7;
  static constexpr std::array<int, 7> order{3, 2, 4, 1, 5, 0, 6};
  static constexpr uint64_t bottom = 0x40810204081, top = bottom << 5, board = bottom * 63;

  uint64_t mine = 0, theirs = 0;  // stones of who is to move, and of who has played last

  static int bit(int row, int column) { return 7 * column + rows - 1 - row; }
  // The top row's cells lie 7 bits apart: the factor, a 1 every 6 bits, brings them side by side, at bit 42.
  uint32_t legal() const {
    constexpr uint64_t gather = 0x41041041040;
    const uint64_t free = (~(mine | theirs) & top) >> 5;
    return uint32_t(free * gather >> 42 & 127);
  }
  // Added to a column's stones, its lowest bit becomes the lowest empty cell.
  void play(int column) {
    const uint64_t lowest = uint64_t(1) << 7 * column;
    const uint64_t played = mine | (((mine | theirs) + lowest) & lowest * 63);
    mine = theirs;
    theirs = played;
  }
  Result result() const {
    if (fours(theirs)) return Result::won;
    return (mine | theirs) == board ? Result::drawn : Result::open;
  }
  int moves() const { return std::popcount(mine | theirs); }
  uint64_t stones(int player) const { return moves() % 2 == player ? mine : theirs; }
  bool is_sound() const;
  bool operator==(const ConnectFour&) const = default;

  // The first stone of each four in a row, by direction added up: not 0 where there is any.
  static uint64_t fours(uint64_t stones) {
    uint64_t found = 0;
    for (const int step : {1, 6, 7, 8}) {
      const uint64_t pairs = stones & stones >> step;
      found |= pairs & pairs >> 2 * step;
    }
    return found;
  }
};
static_assert(Game<ConnectFour>);

// `player`'s stones are the red ones. `last`: the column that was played last, -1: none.
void draw_board(const ConnectFour& board, int player, int last, core::Canvas& canvas);

}  // namespace envs::games
