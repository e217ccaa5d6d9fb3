// Boards against what is known of them and against naive twins; players against one another.
#include <array>
#include <map>
#include <set>

#include "envs/games/connect_four.h"
#include "envs/games/match.h"
#include "envs/games/mcts.h"
#include "envs/games/minimax.h"
#include "envs/games/tictactoe.h"
#include "tests/catch.h"

namespace tests::games {

using namespace envs::games;

namespace {

template <Game G, class Visit>
void each_next(const G& board, Visit visit) {
  for (int action = 0; action < G::actions; ++action)
    if (board.legal() >> action & 1) {
      G next = board;
      next.play(action);
      visit(next);
    }
}

// Whole games from here: won by the first, won by the second, drawn.
std::array<int64_t, 3> games_from(const TicTacToe& board) {
  std::array<int64_t, 3> counts{};
  if (board.result() == Result::won) ++counts[size_t(1 - to_move(board))];
  if (board.result() == Result::drawn) ++counts[2];
  if (board.result() != Result::open) return counts;
  each_next(board, [&](const TicTacToe& next) {
    const auto more = games_from(next);
    for (size_t k = 0; k < 3; ++k) counts[k] += more[k];
  });
  return counts;
}

template <Game G>
using Boards = std::map<std::pair<uint64_t, uint64_t>, G>;

// All that can be reached in `plies` moves or fewer, ended ones too.
template <Game G>
Boards<G> reached(int plies) {
  Boards<G> all{{{0, 0}, G()}}, newest = all;
  for (int ply = 0; ply < plies; ++ply) {
    Boards<G> next;
    for (const auto& [key, board] : newest)
      if (board.result() == Result::open)
        each_next(board, [&](const G& b) { next.insert({{b.mine, b.theirs}, b}); });
    all.insert(next.begin(), next.end());
    newest = std::move(next);
  }
  return all;
}

// Negamax without pruning, its values as search_value's.
template <Game G>
int plain_value(const G& board) {
  if (board.result() == Result::won) return board.moves() - cells<G> - 1;
  if (board.result() == Result::drawn) return 0;
  int best = -unbounded<G>;
  each_next(board, [&](const G& next) { best = std::max(best, -plain_value(next)); });
  return best;
}

}  // namespace

// 255,168 games, 131,184 of which the first player wins and 77,904 the second; 5,478 boards.
TEST_CASE("TicTacToe has the games and boards that are known", "[envs][games]") {
  CHECK(games_from({}) == std::array<int64_t, 3>{131'184, 77'904, 46'080});
  CHECK(reached<TicTacToe>(9).size() == 5478);
}

TEST_CASE("every opening of TicTacToe is a draw", "[envs][games]") {
  int openings = 0;
  each_next(TicTacToe(), [&](const TicTacToe& board) {
    CHECK(search_value(board, 9) == 0);
    ++openings;
  });
  CHECK(openings == 9);
}

TEST_CASE("pruning changes no value of any board of TicTacToe", "[envs][games]") {
  int wrong = 0, won = 0;
  for (const auto& [key, board] : reached<TicTacToe>(9)) {
    const int value = search_value(board, 9);
    wrong += value != plain_value(board);
    won += value > 0;
  }
  CHECK(wrong == 0);
  CHECK(won > 500);
}

namespace {

// A board of cells, for ConnectFour: 0 empty, 1 and 2 the players; row 0 on top.
struct Cells {
  std::array<std::array<int, 7>, 6> at{};
  int moves = 0;

  bool free(int column) const { return at[0][size_t(column)] == 0; }
  void play(int column) {
    int row = 5;
    while (at[size_t(row)][size_t(column)] != 0) --row;
    at[size_t(row)][size_t(column)] = 1 + moves++ % 2;
  }
  int stone(int row, int column) const {
    return row < 0 || row > 5 || column < 0 || column > 6 ? 0 : at[size_t(row)][size_t(column)];
  }
  bool won() const {
    for (int row = 0; row < 6; ++row)
      for (int column = 0; column < 7; ++column)
        for (const auto& [down, right] : {std::pair{0, 1}, {1, 0}, {1, 1}, {1, -1}}) {
          bool same = stone(row, column) != 0;
          for (int k = 1; k < 4; ++k) same &= stone(row + k * down, column + k * right) == stone(row, column);
          if (same) return true;
        }
    return false;
  }
};

int64_t perft(const ConnectFour& board, int depth) {
  if (depth == 0) return 1;
  if (board.result() != Result::open) return 0;
  int64_t count = 0;
  each_next(board, [&](const ConnectFour& next) { count += perft(next, depth - 1); });
  return count;
}

ConnectFour played(const std::string& columns) {  // "4453": the first column is 1
  ConnectFour board;
  for (const char c : columns) board.play(c - '1');
  return board;
}

}  // namespace

// Distinct boards by ply: OEIS A212693 (Tromp; Edelkamp & Kissmann). Lines of play: 7^n, less those with
// seven stones in a column (7 of 7^7), and after ply 7 those that were won there.
TEST_CASE("ConnectFour has as many boards and lines as are known", "[envs][games]") {
  const std::vector<size_t> boards{1, 7, 49, 238, 1120, 4263, 16422};
  size_t all = 0;
  for (size_t ply = 0; ply < boards.size(); ++ply)
    CHECK(reached<ConnectFour>(int(ply)).size() == (all += boards[ply]));
  const std::vector<int64_t> lines{1, 7, 49, 343, 2401, 16807, 117649, 823536, 5673234};
  for (size_t ply = 0; ply < lines.size(); ++ply) CHECK(perft({}, int(ply)) == lines[ply]);
}

TEST_CASE("bits of ConnectFour do what cells do", "[envs][games]") {
  core::Pcg64 random(1);
  int wrong = 0, won = 0, drawn = 0;
  for (int game = 0; game < 3000; ++game) {
    ConnectFour board;
    Cells naive;
    while (board.result() == Result::open) {
      const int action = random_action(board, random);
      board.play(action);
      naive.play(action);
      for (int column = 0; column < 7; ++column)
        wrong += naive.free(column) != bool(board.legal() >> column & 1);
      wrong += naive.won() != (board.result() == Result::won);
      wrong += naive.moves != board.moves() || !board.is_sound();
      std::array<uint8_t, 84> seen{};
      observe(board, 0, seen.data());
      for (size_t cell = 0; cell < 42; ++cell) {
        const int stone = naive.at[cell / 7][cell % 7];
        wrong += seen[2 * cell] != (stone == 1) || seen[2 * cell + 1] != (stone == 2);
      }
    }
    won += board.result() == Result::won;
    drawn += board.result() == Result::drawn;
  }
  CHECK(wrong == 0);
  CHECK(won > 2900);
  CHECK(drawn > 0);
}

// Scores of Pons's "Solving Connect 4", part 2: 22 less the winner's stones at the end.
TEST_CASE("solved boards of ConnectFour have their scores", "[envs][games]") {
  const auto score = [](const std::string& columns, int depth) {
    const int value = search_value(played(columns), depth), moves = 43 - std::abs(value);
    return (value < 0 ? -1 : 1) * (22 - (moves + 1) / 2);
  };
  CHECK(score("4455", 3) == 18);
  CHECK(score("44455554221", 2) == -15);
  CHECK(search_value(played("4455"), 2) == 0);  // it lies a move beyond
}

TEST_CASE("pruning changes no value of late boards of ConnectFour", "[envs][games]") {
  core::Pcg64 random(3);
  int compared = 0, wrong = 0, decided = 0;
  while (compared < 60) {
    ConnectFour board;
    while (board.result() == Result::open && board.moves() < 34) board.play(random_action(board, random));
    if (board.result() != Result::open) continue;
    const int value = search_value(board, 42);
    wrong += value != plain_value(board);
    decided += value != 0;
    ++compared;
  }
  CHECK(wrong == 0);
  CHECK(decided > 10);
}

TEST_CASE("minimax plays all of the best actions and none else", "[envs][games]") {
  Minimax<TicTacToe> exact;
  core::Pcg64 random(4);
  std::set<int> openings, replies;
  TicTacToe corner;
  corner.play(0);
  for (int k = 0; k < 300; ++k) openings.insert(exact(TicTacToe(), random));
  for (int k = 0; k < 50; ++k) replies.insert(exact(corner, random));
  CHECK(openings.size() == 9);
  CHECK(replies == std::set<int>{4});  // the middle alone holds a corner
}

TEST_CASE("exact players draw among themselves and never lose", "[envs][games]") {
  Minimax<TicTacToe> one, other;
  RandomPlayer careless;
  core::Pcg64 random(5);
  CHECK(play_match<TicTacToe>(one, other, 100, random).draws == 100);
  const Tally tally = play_match<TicTacToe>(one, careless, 400, random);
  CHECK(tally.losses == 0);
  CHECK(tally.wins > 300);
}

TEST_CASE("tree search with enough playouts never loses at TicTacToe", "[envs][games]") {
  Mcts<TicTacToe> tree({.playouts = 3000});
  Minimax<TicTacToe> exact;
  RandomPlayer careless;
  core::Pcg64 random(6);
  const Tally hard = play_match<TicTacToe>(tree, exact, 60, random);
  CHECK(hard.losses == 0);
  CHECK(hard.wins == 0);
  CHECK(play_match<TicTacToe>(tree, careless, 60, random).losses == 0);
}

TEST_CASE("tree search beats a random player at ConnectFour, and the more it tries the better it is",
          "[envs][games]") {
  Mcts<ConnectFour> few({.playouts = 40}), many({.playouts = 400});
  RandomPlayer careless;
  core::Pcg64 random(7);
  CHECK(play_match<ConnectFour>(many, careless, 50, random).win_share().low > 0.9);
  CHECK(play_match<ConnectFour>(many, few, 40, random).win_share().low > 0.5);
  Minimax<ConnectFour> ahead{4};
  CHECK(play_match<ConnectFour>(ahead, careless, 50, random).win_share().low > 0.85);
}

TEST_CASE("a search tries as often as it was told and sees a win at hand", "[envs][games]") {
  Mcts<ConnectFour> tree({.playouts = 500});
  core::Pcg64 random(8);
  const ConnectFour board = played("414141");
  uint32_t visits = 0, most = 0;
  for (const auto& node : tree.search(board, random)) {
    visits += node.visits;
    most = std::max(most, node.visits);
    CHECK(node.points <= 2 * node.visits);
    if (node.action == 3) CHECK(node.points == 2 * node.visits);
  }
  CHECK(visits == 500);
  CHECK(most > 250);  // half of them
  CHECK(tree(board, random) == 3);
  core::Pcg64 same(9), again(9);
  Mcts<ConnectFour> twin({.playouts = 500});
  twin(board, random);  // what it searched before leaves nothing behind
  CHECK(twin(ConnectFour(), same) == tree(ConnectFour(), again));
  CHECK(same.state() == again.state());
}

// Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
TEST_CASE("shares have Wilson's intervals", "[envs][games]") {
  const auto is = [](Share share, double low, double high) {
    CHECK(share.low == Approx(low).margin(0.00005));
    CHECK(share.high == Approx(high).margin(0.00005));
  };
  is(wilson_share(81, 263), 0.2553, 0.3662);
  is(wilson_share(15, 148), 0.0624, 0.1605);
  is(wilson_share(0, 20), 0, 0.1611);
  is(wilson_share(1, 29), 0.0061, 0.1718);
  is(wilson_share(20, 20), 1 - 0.1611, 1);
  is(wilson_share(0, 0), 0, 1);
}

TEST_CASE("players begin in turn", "[envs][games]") {
  const auto first_free = [](const TicTacToe& board, core::Pcg64&) {
    return std::countr_zero(board.legal());
  };
  int began = 0;
  const auto counting = [&](const TicTacToe& board, core::Pcg64&) {
    began += board.moves() == 0;
    return std::countr_zero(board.legal());
  };
  core::Pcg64 random(1);
  const Tally tally = play_match<TicTacToe>(counting, first_free, 10, random);
  CHECK(began == 5);
  CHECK(tally.wins == 5);  // 0, 2, 4, 6: whoever begins
  CHECK(tally.losses == 5);
  CHECK(tally.score() == 0.5);
}

TEST_CASE("boards that cannot be are told from those that can", "[envs][games]") {
  TicTacToe cross;
  cross.play(4);
  CHECK(cross.is_sound());
  CHECK_FALSE(TicTacToe{.mine = 1, .theirs = 1}.is_sound());
  CHECK_FALSE(TicTacToe{.mine = 1, .theirs = 0}.is_sound());
  CHECK_FALSE(TicTacToe{.mine = 0, .theirs = 512}.is_sound());
  CHECK(played("4453").is_sound());
  CHECK_FALSE(ConnectFour{.mine = 0, .theirs = 2}.is_sound());          // it hovers
  CHECK_FALSE(ConnectFour{.mine = 0, .theirs = 1ULL << 6}.is_sound());  // beyond the column
  CHECK_FALSE(ConnectFour{.mine = 1, .theirs = 1}.is_sound());
  CHECK_FALSE(ConnectFour{.mine = 1ULL << 60, .theirs = 1}.is_sound());
}

}  // namespace tests::games
