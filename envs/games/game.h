// Two-player boards are values: plain structs that are copied to look ahead, without virtual calls.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

#include "core/random.h"

namespace envs::games {

enum class Result : uint8_t { open, won, drawn };  // won by whoever has played last

// What a board offers. Player 0 plays first; `stones` are a bit for each cell, at bit(row, column), row 0 on
// top. At most 32 actions.
template <class G>
concept Game = std::regular<G> && requires(G game, const G board, int number) {
  { G::rows } -> std::convertible_to<int>;
  { G::columns } -> std::convertible_to<int>;
  { G::actions } -> std::convertible_to<int>;
  { G::order[number] } -> std::convertible_to<int>;  // all actions, those that promise most first
  { G::bit(number, number) } -> std::same_as<int>;
  { board.legal() } -> std::same_as<uint32_t>;  // bit a: whether a can be played, if it is open
  { game.play(number) } -> std::same_as<void>;  // a legal action; then it is the other's turn
  { board.result() } -> std::same_as<Result>;
  { board.moves() } -> std::same_as<int>;                     // played so far
  { board.stones(number) } -> std::convertible_to<uint64_t>;  // of a player
  { board.is_sound() } -> std::same_as<bool>;
};

// One whose states can be counted: board.number(player) is below G::states.
template <class G>
concept Numbered = Game<G> && requires(const G board, int player) {
  { G::states } -> std::convertible_to<int64_t>;
  { board.number(player) } -> std::same_as<int32_t>;
};

template <Game G>
constexpr int cells = G::rows* G::columns;

template <Game G>
int to_move(const G& board) {
  return board.moves() % 2;
}

// As `player` sees it: row [rows, columns, 2] of 0 and 1, the player's own stones and the other's.
template <Game G>
void observe(const G& board, int player, uint8_t* row) {
  for (const uint64_t stones : {uint64_t(board.stones(player)), uint64_t(board.stones(1 - player))}) {
    for (int cell = 0; cell < cells<G>; ++cell)
      row[2 * cell] = stones >> G::bit(cell / G::columns, cell % G::columns) & 1;
    ++row;
  }
}

// The n-th bit that is 1, from the lowest, which is the 0-th.
inline int nth_bit(uint32_t bits, uint32_t n) {
  while (n-- > 0) bits &= bits - 1;
  return std::countr_zero(bits);
}

// A legal action of an open board, each as likely (to 2^-27).
template <Game G>
int random_action(const G& board, core::Pcg64& random) {
  const uint32_t legal = board.legal();
  return nth_bit(legal, uint32_t(uint64_t(random.next32()) * uint64_t(std::popcount(legal)) >> 32));
}

// Random actions to the end: 1 when who is to move wins, -1 when they lose, 0 when it is drawn.
template <Game G>
int random_playout(G board, core::Pcg64& random) {
  for (int sign = -1;; sign = -sign) {
    const Result result = board.result();
    if (result == Result::won) return sign;
    if (result == Result::drawn) return 0;
    board.play(random_action(board, random));
  }
}

}  // namespace envs::games
