// All boards, and the board that an observation shows: for agents that search.
#pragma once

#include <type_traits>
#include <variant>

#include "envs/games/connect_four.h"
#include "envs/games/tictactoe.h"

namespace envs::games {

using AnyGame = std::variant<std::type_identity<ConnectFour>, std::type_identity<TicTacToe>>;

// The board as observe() shows it to the player who is to move: [rows, columns, 2] of 0 and 1.
template <Game G, class T>
G board_seen(const T* row) {
  G board;
  for (int cell = 0; cell < cells<G>; ++cell) {
    const int bit = G::bit(cell / G::columns, cell % G::columns);
    using Stones = decltype(board.mine);
    board.mine = Stones(board.mine | Stones(row[2 * cell] != 0) << bit);
    board.theirs = Stones(board.theirs | Stones(row[2 * cell + 1] != 0) << bit);
  }
  return board;
}

}  // namespace envs::games
