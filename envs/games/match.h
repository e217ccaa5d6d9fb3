// Matches: two players, many games, each begins every other one.
#pragma once

#include "envs/games/game.h"

namespace envs::games {

// A share of n cases with its 95 % interval: Wilson (1927), which holds near 0 and 1 and for few cases too.
struct Share {
  double value = 0, low = 0, high = 1;
};
Share wilson_share(int64_t cases, int64_t n);

// Of the first of the two players.
struct Tally {
  int64_t wins = 0, draws = 0, losses = 0;

  int64_t games() const { return wins + draws + losses; }
  double score() const { return (double(wins) + double(draws) / 2) / double(games()); }
  Share win_share() const { return wilson_share(wins, games()); }
  Share loss_share() const { return wilson_share(losses, games()); }
};

// One game; who it was won by: 0 the first, 1 the second, -1 nobody.
template <Game G, class First, class Second>
int play_game(First& first, Second& second, core::Pcg64& random) {
  G board;
  while (board.result() == Result::open)
    board.play(to_move(board) == 0 ? first(board, random) : second(board, random));
  return board.result() == Result::drawn ? -1 : 1 - to_move(board);
}

// A player takes a board and a generator and returns a legal action. Game 0 is begun by `one`.
template <Game G, class One, class Other>
Tally play_match(One& one, Other& other, int64_t games, core::Pcg64& random) {
  Tally tally;
  for (int64_t game = 0; game < games; ++game) {
    const int place = int(game % 2);  // of `one`
    const int winner = place == 0 ? play_game<G>(one, other, random) : play_game<G>(other, one, random);
    ++(winner < 0 ? tally.draws : winner == place ? tally.wins : tally.losses);
  }
  return tally;
}

}  // namespace envs::games
