// Searches of boards: PUCT by hand, its noise, and what searches find beside exact solvers.
#include <numeric>
#include <unordered_map>

#include "agents/planning/board_search.h"
#include "agents/planning/puct.h"
#include "envs/games/minimax.h"
#include "tests/agents/planning/boards.h"
#include "tests/catch.h"

using namespace agents;
using namespace tests::planning;
using envs::games::ConnectFour;
using envs::games::Result;
using envs::games::TicTacToe;

namespace {

TicTacToe board_after(std::initializer_list<int> moves) {
  TicTacToe board;
  for (const int move : moves) board.play(move);
  return board;
}

// Exact, with a table of what is known: 1 won, 0 drawn, -1 lost, for who is to move (Tromp's way of keys).
class Solver {
 public:
  int value(const ConnectFour& board) {
    if (board.result() == Result::won) return -1;
    if (board.result() == Result::drawn) return 0;
    const uint64_t key = board.mine + (board.mine | board.theirs) + ConnectFour::bottom;
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    int best = -1;
    for (int column = 0; column < 7 && best < 1; ++column) {
      if (!(board.legal() >> column & 1)) continue;
      ConnectFour next = board;
      next.play(column);
      best = std::max(best, -value(next));
    }
    return known_[key] = best;
  }

 private:
  std::unordered_map<uint64_t, int> known_;
};

}  // namespace

TEST_CASE("priors, bounds and back-up of a tree made by hand", "[agents][planning]") {
  // X has two in the upper row and the middle of the left column is O's: three cells are left for X to move.
  const TicTacToe board = board_after({0, 4, 1, 8, 5, 3});  // X: 0 1 5; O: 4 8 3; free: 2 6 7
  Puct<TicTacToe> tree(10, 2);
  tree.begin(board);
  std::vector<float> logits(9, 0);
  logits[2] = std::log(1.0F);
  logits[6] = std::log(2.0F);
  logits[7] = std::log(5.0F);
  tree.expand(logits.data(), 0.25F);
  REQUIRE(tree.tried().size() == 3);
  CHECK(tree.tried()[0].prior == Approx(0.125));
  CHECK(tree.tried()[1].prior == Approx(0.25));
  CHECK(tree.tried()[2].prior == Approx(0.625));
  CHECK(tree.root().value == Approx(-0.25));
  // N = 1: 2 P sqrt(1) / 1: the third, 1.25.
  REQUIRE(tree.descend());
  CHECK(tree.leaf().legal() == ((1U << 2) | (1U << 6)));
  tree.expand(std::vector<float>(9, 0).data(), 0.6F);  // to the other side, so -0.6 to X
  CHECK(tree.tried()[2].visits == 1);
  CHECK(tree.tried()[2].mean() == Approx(-0.6));
  CHECK(tree.root().value == Approx(-0.25 - 0.6 * -1));
  // N = 2: 0.125, 0.25 times 2 sqrt 2: 0.354, 0.707; the third -0.6 + 2 sqrt 2 0.625 / 2 = 0.284.
  REQUIRE(tree.descend());
  CHECK(tree.tried()[1].visits == 0);
  tree.expand(std::vector<float>(9, 0).data(), -0.1F);
  CHECK(tree.tried()[1].mean() == Approx(0.1));
  // N = 3: 2 sqrt 3 = 3.464: 0.433; 0.1 + 0.433; -0.6 + 1.083 = 0.483: the second again.
  tree.descend();
  CHECK(tree.tried()[1].visits == 1);
  tree.expand(std::vector<float>(9, 0).data(), 0);
  CHECK(tree.tried()[1].visits == 2);
  // N = 4: 4 P: 0.5 for cell 2; 0.05 + 1 / 3; -0.6 + 1.25: the third.
  tree.descend();
  tree.expand(std::vector<float>(9, 0).data(), -0.9F);
  CHECK(tree.tried()[2].visits == 2);
  // N = 5, 2 sqrt 5 = 4.472: 0.559; 0.05 + 0.373; -0.75 + 0.932: cell 2, which wins at once: nobody is asked.
  CHECK_FALSE(tree.descend());
  CHECK(tree.tried()[0].visits == 1);
  CHECK(tree.tried()[0].mean() == 1);
}

// Every open position, once.
static void each_position(const TicTacToe& board, std::vector<bool>& met, const auto& visit) {
  if (board.result() != Result::open || met[static_cast<size_t>(board.number(0))]) return;
  met[static_cast<size_t>(board.number(0))] = true;
  visit(board);
  for (int action = 0; action < 9; ++action) {
    if (!(board.legal() >> action & 1)) continue;
    auto next = board;
    next.play(action);
    each_position(next, met, visit);
  }
}

static int worth(const TicTacToe& board) {
  const int value = envs::games::search_value(board, 9);
  return (value > 0) - (value < 0);
}

TEST_CASE("a search by a net that knows nothing finds the exact moves of TicTacToe by itself",
          "[agents][planning]") {
  Judge ignorant = judge_of(18, 10, 1);
  std::fill(ignorant.parameters.begin(), ignorant.parameters.end(), 0.0F);
  std::vector<float> planes;
  std::vector<TicTacToe> boards;
  std::vector<bool> met(TicTacToe::states);
  each_position({}, met, [&](const TicTacToe& board) {
    const auto row = planes_of(board);
    planes.insert(planes.end(), row.begin(), row.end());
    boards.push_back(board);
  });
  CHECK(boards.size() == 4520);  // 5478 positions less the 958 that are over
  const auto plans = plan_boards(std::type_identity<TicTacToe>(), ignorant, {.simulations = 400},
                                 planes.data(), std::ssize(boards));
  int64_t kept = 0;
  for (size_t k = 0; k < boards.size(); ++k) {
    auto next = boards[k];
    next.play(static_cast<int>(most_tried(plans[k])));
    kept += -worth(next) == worth(boards[k]);
  }
  CHECK(kept >= 4500);
}

TEST_CASE("noise at the root is Dirichlet's", "[agents][planning]") {
  core::Pcg64 random(4);
  for (const double alpha : {0.3, 1.0, 4.0}) {
    double mean = 0, squares = 0;
    constexpr int n = 20000;
    for (int k = 0; k < n; ++k) {
      const auto shares = dirichlet_draw(4, alpha, random);
      CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1));
      mean += shares[0] / n;
      squares += shares[0] * shares[0] / n;
    }
    CHECK(mean == Approx(0.25).epsilon(0.05));
    CHECK(squares - mean * mean == Approx(0.1875 / (4 * alpha + 1)).epsilon(0.06));
  }
  Puct<TicTacToe> tree(4, 1);
  tree.begin({});
  tree.expand(std::vector<float>(9, 0).data(), 0);
  tree.add_noise(0.25, 1, random);
  float sum = 0;
  for (const auto& node : tree.tried()) {
    sum += node.prior;
    CHECK(node.prior >= 0.75F / 9);
  }
  CHECK(sum == Approx(1));
}

TEST_CASE("searches keep the value of ConnectFour positions that an exact solver knows",
          "[agents][planning]") {
  core::Pcg64 random(11);
  Solver solver;
  BoardSearch search(std::type_identity<ConnectFour>(), {.playouts = 600});
  int64_t positions = 0, kept = 0, agreed = 0;
  while (positions < 300) {
    ConnectFour board;
    while (board.moves() < 28 && board.result() == Result::open) board.play(random_action(board, random));
    if (board.result() != Result::open) continue;
    ++positions;
    const int value = solver.value(board);
    if (positions % 30 == 0) {
      const int exact = envs::games::search_value(board, 42);
      agreed += value == (exact > 0) - (exact < 0);
    }
    board.play(static_cast<int>(most_tried(search.plan(planes_of(board).data(), random))));
    kept += -solver.value(board) == value;
  }
  CHECK(agreed == 10);  // two ways to the same values
  CHECK(kept >= 285);
}
