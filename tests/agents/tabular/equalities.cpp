// Where two tabular methods are the same one, they learn the same bits.
#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"

using namespace tests::tabular;

namespace {

// The action values that an agent with these options of its own has learned.
torch::Tensor learned(const std::string& agent, const std::string& own, const std::string& rest) {
  return tensor(trained("{agent: " + agent + ", " + agent + ": {" + own + "}, " + rest + "}"), "q/values");
}

bool same(const torch::Tensor& one, const torch::Tensor& other) {
  return torch::equal(one, other) && one.abs().max().item<double>() > 0;
}

const std::string lake = "env: FrozenLake-v1, train: {steps: 100}",
                  taxi = "env: Taxi-v4, train: {steps: 100}";

}  // namespace

TEST_CASE("of one step, n-step SARSA is SARSA and tree backup is expected SARSA", "[agents][tabular]") {
  for (const std::string& rest : {lake, taxi}) {
    CHECK(same(learned("n_step_sarsa", "n: 1", rest), learned("sarsa", "", rest)));
    CHECK(same(learned("tree_backup", "n: 1", rest), learned("expected_sarsa", "", rest)));
    CHECK_FALSE(same(learned("n_step_sarsa", "n: 2", rest), learned("sarsa", "", rest)));
  }
}

TEST_CASE("of more steps than an episode has, n-step SARSA is Monte Carlo control", "[agents][tabular]") {
  for (const std::string& rest : {lake, taxi}) {
    CHECK(same(learned("n_step_sarsa", "n: 1000", rest), learned("monte_carlo", "visits: every", rest)));
    CHECK_FALSE(same(learned("n_step_sarsa", "n: 1000", rest), learned("monte_carlo", "", rest)));
  }
}

TEST_CASE("without exploration, expected SARSA is Q-learning, and so is Dyna-Q without plans",
          "[agents][tabular]") {
  const std::string greedy = "epsilon_start: 0, epsilon_end: 0, initial_value: 1";  // each action is tried
  for (const std::string& rest : {lake, taxi})
    CHECK(same(learned("expected_sarsa", greedy, rest), learned("q_learning", greedy, rest)));
  CHECK(same(learned("dyna_q", "planning_steps: 0", lake), learned("q_learning", "", lake)));
}

TEST_CASE("n-step returns, first visits and averages, computed by hand", "[agents][tabular]") {
  // A corridor of three steps, walked by the only action that is ever greedy: 0 at first, up, which stays.
  const std::string rest =
      "env: {id: FrozenLake-v1, map: [SG], is_slippery: false, max_episode_steps: 3, reward_schedule: [1, 0, "
      "0.5]}, train: {steps: 1}";
  const std::string still = "epsilon_start: 0, epsilon_end: 0, gamma: 0.5, visit_power: 1, num_steps: 3";
  // Three stays of 0.5 each, then cut: G_2 = 0.5 + 0.5 Q, G_1 = 0.5 + 0.5 G_2, G_0 = 0.5 + 0.5 G_1, Q = 0.
  CHECK(learned("monte_carlo", still, rest)[0][0].item<double>() == Approx(0.875));  // G_0
  CHECK(learned("monte_carlo", "visits: every, " + still, rest)[0][0].item<double>() ==
        Approx((0.875 + 0.75 + 0.5) / 3));
  // After the second move G_0 = 0.75 is learned; at the end 0.5 + 0.5 (0.5 + 0.5 * 0.75), then 0.5 + 0.5 *
  // 0.75.
  CHECK(learned("n_step_sarsa", "n: 2, " + still, rest)[0][0].item<double>() ==
        Approx((0.5 + 0.5 * 0.5 + (0.5 + 0.5 * (0.5 + 0.5 * 0.75)) + (0.5 + 0.5 * 0.75)) / 3));
}
