// Exact search: negamax with alpha-beta (Knuth & Moore 1975), to the end or to a depth.
#pragma once

#include <algorithm>
#include <array>

#include "envs/games/game.h"

namespace envs::games {

// Beyond every value.
template <Game G>
constexpr int unbounded = cells<G> + 2;

// What an open or ended board is worth to who is to move, if it lies in alpha .. beta, else a bound of it:
// cells + 1 less the moves at the end for a win, the sooner the more, as much below 0 for a loss, 0 for a
// draw and for all that lies more than `depth` moves ahead.
template <Game G>
int search_value(const G& board, int depth, int alpha = -unbounded<G>, int beta = unbounded<G>) {
  const Result result = board.result();
  if (result == Result::won) return board.moves() - cells<G> - 1;
  if (result == Result::drawn || depth == 0) return 0;
  const uint32_t legal = board.legal();
  int best = -unbounded<G>;
  for (const int action : G::order) {
    if (!(legal >> action & 1)) continue;
    G next = board;
    next.play(action);
    best = std::max(best, -search_value(next, depth - 1, -beta, -std::max(alpha, best)));
    if (best >= beta) break;
  }
  return best;
}

// Plays any of the best actions, each as likely.
template <Game G>
struct Minimax {
  int depth = cells<G>;

  int operator()(const G& board, core::Pcg64& random) const {
    uint32_t legal = board.legal(), best = 0;
    int value = -unbounded<G>;
    for (const int action : G::order) {
      if (!(legal >> action & 1)) continue;
      G next = board;
      next.play(action);
      const int found = -search_value(next, depth - 1, -unbounded<G>, 1 - value);  // down to an equal one
      if (found > value) best = 0;
      if (found >= value) best |= uint32_t(1) << action;
      value = std::max(value, found);
    }
    return nth_bit(best, uint32_t(random.integers(0, std::popcount(best))));
  }
};

struct RandomPlayer {
  template <Game G>
  int operator()(const G& board, core::Pcg64& random) const {
    return random_action(board, random);
  }
};

}  // namespace envs::games
