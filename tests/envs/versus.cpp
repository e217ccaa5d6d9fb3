// Boards as environments: whose turn it is, what is seen, what is paid.
#include <array>
#include <map>
#include <set>

#include "envs/games/connect_four.h"
#include "envs/games/minimax.h"
#include "envs/games/tictactoe.h"
#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::versus {

using namespace envs::games;

namespace {

// How many stones of a plane environment i sees: 0 its own, 1 the other's.
int stones(const Batch& batch, size_t i, size_t plane) {
  int count = 0;
  for (size_t k = plane; k < batch.obs_bytes; k += 2) count += int(batch.row(batch.obs, i)[k]);
  return count;
}

// Plays with actions of `choose(i)`, a possible one each time, until `episodes` have ended; their returns.
template <class Choose>
std::vector<double> returns_of(Batch& batch, size_t episodes, Choose choose) {
  std::vector<double> returns;
  const size_t A = size_t(batch.envs->spec().action.n[0]);
  std::vector<uint8_t> mask(batch.n * A);
  batch.reset(1);
  while (returns.size() < episodes) {
    batch.envs->action_mask(mask.data());
    for (size_t i = 0; i < batch.n; ++i) batch.discrete[i] = choose(i, mask.data() + i * A);
    batch.step();
    for (size_t i = 0; i < batch.n; ++i)
      if (batch.ended(i)) returns.push_back(batch.returns[i]);
  }
  return returns;
}

int64_t random_possible(const uint8_t* mask, int64_t actions, core::Pcg64& random) {
  for (;;)
    if (const int64_t a = random.integers(0, actions); mask[a]) return a;
}

}  // namespace

TEST_CASE("who begins is as asked", "[envs][games]") {
  for (const std::string id : {"TicTacToe-v0", "ConnectFour-v0"}) {
    const auto begun = [&](const std::string& who) {
      Batch batch = env_batch("{id: " + id + ", begins: " + who + "}", 100);
      batch.reset(0);
      int others = 0;
      for (size_t i = 0; i < batch.n; ++i) {
        CHECK(stones(batch, i, 0) == 0);
        others += stones(batch, i, 1);
      }
      return others;
    };
    CHECK(begun("agent") == 0);
    CHECK(begun("opponent") == 100);
    CHECK(begun("either") > 30);
    CHECK(begun("either") < 70);
  }
}

TEST_CASE("a stone is answered by another, and one's own stay one's own", "[envs][games]") {
  Batch batch = env_batch("ConnectFour-v0", 50);
  batch.reset(2);
  std::vector<int> ahead(batch.n);
  for (size_t i = 0; i < batch.n; ++i) ahead[i] = stones(batch, i, 1);
  for (int t = 1; t <= 2; ++t) {  // nobody has won yet
    std::fill(batch.discrete.begin(), batch.discrete.end(), t);
    batch.step();
    for (size_t i = 0; i < batch.n; ++i) {
      CHECK(stones(batch, i, 0) == t);
      CHECK(stones(batch, i, 1) == t + ahead[i]);
    }
  }
}

TEST_CASE("what cannot be played changes nothing and costs nothing", "[envs][games]") {
  Batch batch = env_batch("{id: TicTacToe-v0, begins: agent}", 20);
  batch.reset(3);
  std::fill(batch.discrete.begin(), batch.discrete.end(), 4);
  batch.step();
  const auto before = batch.obs;
  batch.step();
  CHECK(batch.obs == before);
  CHECK(batch.reward == std::vector<float>(20, 0));
  CHECK(batch.terminated == std::vector<uint8_t>(20, 0));
}

TEST_CASE("a win pays 1, a loss -1, a draw nothing", "[envs][games]") {
  for (const std::string id : {"TicTacToe-v0", "ConnectFour-v0"}) {
    Batch batch = env_batch(id, 64);
    core::Pcg64 random(4);
    const int64_t A = batch.envs->spec().action.n[0];
    std::map<double, int> found;
    for (const double x : returns_of(
             batch, 4000, [&](size_t, const uint8_t* mask) { return random_possible(mask, A, random); }))
      ++found[x];
    const double n = 4000;
    REQUIRE(found[1] + found[0] + found[-1] >= n);
    CHECK(std::abs(found[1] - found[-1]) < 5 * std::sqrt(n));  // both are random, and either begins
    // Of random games of TicTacToe 12.7 % are drawn, of ConnectFour's few.
    CHECK(found[0] / n == Approx(A == 9 ? 0.127 : 0.003).margin(A == 9 ? 0.022 : 0.003));
  }
}

TEST_CASE("no random player beats an exact opponent, and few a searching one", "[envs][games]") {
  const auto mean = [](const std::string& section) {
    Batch batch = env_batch(section, 8);
    core::Pcg64 random(5);
    double sum = 0;
    const auto returns = returns_of(batch, 100, [&](size_t, const uint8_t* mask) {
      return random_possible(mask, batch.envs->spec().action.n[0], random);
    });
    int wins = 0;
    for (const double x : returns) {
      sum += x / double(returns.size());
      wins += x > 0;
    }
    CHECK(wins <= (section.find("TicTacToe") == std::string::npos ? 5 : 0));
    return sum;
  };
  CHECK(mean("{id: TicTacToe-v0, opponent: minimax}") < -0.6);
  CHECK(mean("{id: TicTacToe-v0, opponent: mcts, playouts: 1000}") < -0.6);
  CHECK(mean("{id: ConnectFour-v0, opponent: minimax}") < -0.8);
  CHECK(mean("{id: ConnectFour-v0, opponent: mcts, playouts: 100}") < -0.8);
}

TEST_CASE("a state's number is its cells in base 3", "[envs][games]") {
  Batch planes = env_batch("TicTacToe-v0", 10), numbers = env_batch("{id: TicTacToe-v0, view: number}", 10);
  CHECK(numbers.envs->spec().observation.str() == "Discrete(19683)");
  planes.reset(6);
  numbers.reset(6);
  core::Pcg64 random(7);
  int wrong = 0, seen = 0;
  for (int t = 0; t < 40; ++t) {
    planes.draw_actions(random);
    numbers.discrete = planes.discrete;
    planes.step();
    numbers.step();
    for (size_t i = 0; i < planes.n; ++i) {
      int64_t number = 0, digit = 1;
      for (size_t cell = 0; cell < 9; ++cell, digit *= 3)
        number += digit * (int64_t(planes.row(planes.obs, i)[2 * cell]) +
                           2 * int64_t(planes.row(planes.obs, i)[2 * cell + 1]));
      wrong +=
          number != int64_t(tests::element(numbers.envs->spec().observation, numbers.row(numbers.obs, i), 0));
      seen += number > 0;
    }
  }
  CHECK(wrong == 0);
  CHECK(seen > 200);
}

namespace {

// The best expected return of player 0 or 1 against a random one.
double best_against_random(const TicTacToe& board, int agent) {
  if (board.result() == envs::games::Result::won) return to_move(board) == agent ? -1 : 1;
  if (board.result() == envs::games::Result::drawn) return 0;
  double best = -2, sum = 0;
  for (uint32_t legal = board.legal(); legal != 0; legal &= legal - 1) {
    TicTacToe next = board;
    next.play(std::countr_zero(legal));
    const double value = best_against_random(next, agent);
    best = std::max(best, value);
    sum += value / std::popcount(board.legal());
  }
  return to_move(board) == agent ? best : sum;
}

}  // namespace

// The scale of experiments/agents: either begins, so that 0.9598 is the best.
TEST_CASE("the best return against a random player is known", "[envs][games]") {
  const double first = best_against_random({}, 0), second = best_against_random({}, 1);
  CHECK(first == Approx(0.994792).margin(1e-6));
  CHECK(second == Approx(0.924868).margin(1e-6));
}

TEST_CASE("a depth that cannot be is refused", "[envs][games]") {
  CHECK(env_refusal("{id: TicTacToe-v0, depth: 10}").find("depth") != std::string::npos);
  CHECK(env_refusal("{id: ConnectFour-v0, view: number}").find("view") != std::string::npos);
  CHECK(env_refusal("{id: ConnectFour-v0, opponent: mtcs}").find("mcts") != std::string::npos);
}

}  // namespace tests::versus
