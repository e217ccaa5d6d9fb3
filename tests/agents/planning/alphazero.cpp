// AlphaZero: its loss by autograd, the same games at any thread count, what it has learned beside exact play,
// and what it refuses.
#include "agents/planning/alphazero.h"

#include <omp.h>

#include <numeric>

#include "agents/all.h"
#include "tests/agents/planning/boards.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using namespace agents;
using namespace tests::planning;
using envs::games::ConnectFour;
using envs::games::Result;
using envs::games::TicTacToe;

namespace {

// The search's moves beside whatever the other side plays, from every opening.
int64_t losses(training::Session& session, const TicTacToe& board, int own, int64_t& games) {
  if (board.result() != Result::open) {
    ++games;
    return board.result() == Result::won && envs::games::to_move(board) == own;
  }
  int64_t best = -1, lost = 0;
  if (envs::games::to_move(board) == own)
    best = session.registry.act({torch::tensor(planes_of(board)).unsqueeze(0)}, true, {})
               .actions.item<int64_t>();
  for (int action = 0; action < 9; ++action) {
    if (!(board.legal() >> action & 1) || (best >= 0 && action != best)) continue;
    auto next = board;
    next.play(action);
    lost += losses(session, next, own, games);
  }
  return lost;
}

}  // namespace

TEST_CASE("self-play is the same bits at any thread count, and a game the same in any company",
          "[agents][planning]") {
  const auto game = GENERATE(envs::games::AnyGame(std::type_identity<ConnectFour>()),
                             envs::games::AnyGame(std::type_identity<TicTacToe>()));
  const bool four = game.index() == 0;
  const Judge judge = judge_of(four ? 84 : 18, four ? 8 : 10, 1);
  const auto play = [&](int threads, int64_t first, int64_t count) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    auto positions = self_play(game, judge, {.simulations = 12}, 7, first, count);
    omp_set_num_threads(before);
    return positions;
  };
  const auto one = play(1, 0, 40), two = play(2, 0, 40), three = play(3, 0, 40), later = play(1, 33, 7);
  const auto same = [](const Example& a, const Example& b) {
    return a.planes == b.planes && a.visits == b.visits && a.outcome == b.outcome;
  };
  CHECK(std::equal(one.begin(), one.end(), two.begin(), two.end(), same));
  CHECK(std::equal(one.begin(), one.end(), three.begin(), three.end(), same));
  REQUIRE(later.size() < one.size());
  CHECK(std::equal(later.rbegin(), later.rend(), one.rbegin(), same));
}

TEST_CASE("AlphaZero's loss and its slope are what autograd makes of its equation", "[agents][planning]") {
  torch::manual_seed(1);
  const torch::Tensor outputs = torch::randn({5, 8}, torch::kFloat64).requires_grad_();
  const torch::Tensor visits = torch::rand({5, 7}, torch::kFloat64).softmax(1);
  const torch::Tensor outcomes = torch::tensor({1.0, -1.0, 0.0, 1.0, -1.0}, torch::kFloat64);
  const torch::Tensor policy = -(visits * outputs.narrow(1, 0, 7).softmax(1).log()).sum(1).mean();
  const torch::Tensor value = (outputs.select(1, 7).tanh() - outcomes).pow(2).mean();
  (policy + 0.7 * value).backward();
  const AlphaZeroLoss loss = alphazero_loss(outputs.detach(), visits, outcomes, 0.7);
  CHECK(loss.policy == Approx(policy.item<double>()));
  CHECK(loss.value == Approx(value.item<double>()));
  CHECK(torch::allclose(loss.d_outputs, outputs.grad(), 1e-9, 1e-12));
}

TEST_CASE("positions of self-play say how their game ended", "[agents][planning]") {
  const Judge judge = judge_of(18, 10, 2);
  const auto positions = self_play(std::type_identity<TicTacToe>(), judge, {.simulations = 10}, 3, 0, 30);
  for (size_t k = 0; k < positions.size(); ++k) {
    const auto board = envs::games::board_seen<TicTacToe>(positions[k].planes.data());
    CHECK(std::accumulate(positions[k].visits.begin(), positions[k].visits.end(), 0.0F) == Approx(1));
    for (int a = 0; a < 9; ++a)
      if (!(board.legal() >> a & 1)) CHECK(positions[k].visits[static_cast<size_t>(a)] == 0);
    if (k + 1 == positions.size()) break;
    const auto next = envs::games::board_seen<TicTacToe>(positions[k + 1].planes.data());
    if (next.moves() > 0) CHECK(positions[k].outcome == -positions[k + 1].outcome);
    if (next.moves() == 0 && board.moves() < 8) CHECK(positions[k].outcome == 1);  // the last mover's
  }
}

TEST_CASE("AlphaZero learns TicTacToe by itself, and then loses no game, whatever is played against it",
          "[agents][planning][learning]") {
  for (const std::string seed : {"1", "2", "3"}) {
    INFO("seed " << seed);
    auto session = trial::session(
        "{seed: " + seed +
            ", agent: alphazero, env: {id: TicTacToe-v0, opponent: random}, net: {hidden: [48]}, alphazero: "
            "{simulations: 50, eval_simulations: 500, exploration: 4, temperature: 1.5, games: 24, updates: "
            "20, "
            "batch_size: 64, window: 2000}, optim: {lr: 0.004}, train: {steps: 20}, eval: {episodes: 20}}",
        agents::all());
    trial::learn(session);
    int64_t games = 0;
    for (const int own : {0, 1}) CHECK(losses(session, {}, own, games) == 0);
    CHECK(games > 50);
  }
}

TEST_CASE("AlphaZero refuses what is no board, and what it cannot play with",
          "[agents][planning][bad_input]") {
  const auto said = [](const std::string& rest) {
    return refusal(
        [&] { trial::session("{agent: alphazero, train: {steps: 1}, " + rest + "}", agents::all()); });
  };
  CHECK(
      said("env: CartPole-v1") ==
      "env: alphazero needs a board for two without wrappers that shows its planes, as ConnectFour-v0 does; "
      "CartPole-v1 is none");
  CHECK(said("env: {id: TicTacToe-v0, view: number}").find("TicTacToe-v0 is none") != std::string::npos);
  CHECK(said("env: TicTacToe-v0, net: {activation: gelu}").find("net.activation: alphazero plays with") == 0);
}
