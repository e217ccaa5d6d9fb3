// Every tabular agent learns the best policy of small worlds of chance: the values of what it does greedily,
// computed exactly, are those of value iteration.
#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace tests::tabular;

namespace {

struct Learns {
  std::string agent, own, lake_moves, grid_moves, epsilon_end = "0.02";
};

// The value of the first state under the greedy policy of one that has learned for so many moves.
double value_learned(const Learns& learns, const std::string& env, const std::string& moves, int seed) {
  const envs::Transitions table = table_of(env);
  const auto session = trained(
      "{seed: " + std::to_string(seed) + ", agent: " + learns.agent + ", env: " + env + ", " + learns.agent +
      ": {num_steps: 1000, epsilon_start: 0.5, epsilon_share: 0.9, epsilon_end: " + learns.epsilon_end +
      ", " + learns.own + "}, train: {env_steps: " + moves + "}}");
  return agents::start_value(table, agents::policy_values(table, greedy(session, table.states), 0.99));
}

}  // namespace

TEST_CASE("what a tabular agent does greedily is worth what value iteration's policy is, less .02 at most",
          "[agents][tabular][learning]") {
  const auto learns =
      GENERATE(Learns{"q_learning", "visit_power: 0.6", "500k", "300k"},
               Learns{"sarsa", "visit_power: 0.6", "500k", "300k"},
               Learns{"expected_sarsa", "visit_power: 0.6", "500k", "300k"},
               Learns{"double_q_learning", "visit_power: 0.6", "1M", "300k"},
               Learns{"n_step_sarsa", "visit_power: 0.6, n: 3", "1M", "300k"},
               Learns{"tree_backup", "visit_power: 0.6, n: 3", "500k", "300k"},
               Learns{"monte_carlo", "visit_power: 0.65", "1M", "500k"},
               Learns{"dyna_q", "visit_power: 0.6, planning_steps: 5", "200k", "200k", "0.2"});
  for (const auto& [env, moves] : {std::pair{std::string("FrozenLake-v1"), learns.lake_moves},
                                   {"{id: GridWorld-v0, map_name: textbook}", learns.grid_moves}}) {
    const envs::Transitions table = table_of(env);
    const double best = agents::start_value(table, agents::optimal_values(table, 0.99));
    for (const int seed : {1, 2, 3}) {
      INFO(learns.agent << " on " << env << ", seed " << seed);
      CHECK(value_learned(learns, env, moves, seed) > best - 0.02);
    }
  }
}

TEST_CASE("policy iteration ends with the values and the policy of value iteration", "[agents][tabular]") {
  for (const std::string env :
       {"FrozenLake-v1", "{id: GridWorld-v0, map_name: textbook}", "CliffWalking-v1"}) {
    INFO(env);
    const envs::Transitions table = table_of(env);
    const agents::StateValues best = agents::optimal_values(table, 0.99);
    const auto session = trained("{agent: policy_iteration, env: " + env + ", train: {steps: 20}}");
    const torch::Tensor values = tensor(session, "values/values");
    for (int64_t s = 0; s < table.states; ++s)
      CHECK(values[s].item<double>() == Approx(best[static_cast<size_t>(s)]).margin(1e-8));
    CHECK(agents::start_value(table, agents::policy_values(table, greedy(session, table.states), 0.99)) ==
          Approx(agents::start_value(table, best)).margin(1e-8));
  }
}

TEST_CASE("policy iteration never becomes worse, and comes to rest", "[agents][tabular]") {
  auto session = agent("{agent: policy_iteration, env: FrozenLake-v1, train: {steps: 20}}");
  double changed = 1, value = -1;
  const training::Logger logger{[&](const std::string& metric, double logged) {
                                  if (metric == "train/changed_actions") changed = logged;
                                  if (metric != "train/start_value") return;
                                  CHECK(logged >= value - 1e-9);
                                  value = logged;
                                },
                                {}};
  while (session.progress() < 1) session.step(logger);
  CHECK(changed == 0);
}

TEST_CASE("a tabular agent refuses what cannot be counted", "[agents][tabular][bad_input]") {
  const std::string agent = GENERATE("sarsa", "expected_sarsa", "double_q_learning", "n_step_sarsa",
                                     "tree_backup", "monte_carlo", "dyna_q");
  CHECK(refusal([&] {
          tests::tabular::agent("{agent: " + agent + ", env: CartPole-v1, train: {steps: 1}}");
        }).find(agent + " needs Discrete observations and actions; CartPole-v1 has Box(float32, [4])") !=
        std::string::npos);
  CHECK(refusal([&] {
          tests::tabular::agent("{agent: " + agent + ", env: Pendulum-v1, train: {steps: 1}}");
        }).find(agent + " needs Discrete observations and actions") != std::string::npos);
}

TEST_CASE("what other agents of tables cannot learn from is refused", "[agents][tabular][bad_input]") {
  const auto said = [](const std::string& yaml) {
    return refusal([&] { agent("{" + yaml + ", train: {steps: 1}}"); });
  };
  CHECK(said("agent: policy_iteration, env: CartPole-v1")
            .find("policy_iteration needs a table of transitions") != std::string::npos);
  CHECK(said("agent: policy_iteration, env: FrozenLake-v1, policy_iteration: {gamma: 1}")
            .find("policy_iteration.gamma: of a policy that never ends") == 0);
  CHECK(said("agent: monte_carlo, env: {id: FrozenLake-v1, max_episode_steps: 0}")
            .find("monte_carlo learns when an episode is over, and needs a time limit") != std::string::npos);
}
