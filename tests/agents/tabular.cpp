// Tabular agents: what they learn against exact values, and what they refuse.
#include "agents/all.h"
#include "agents/exact.h"
#include "agents/tabular/state_table.h"
#include "envs/toy_text/frozenlake.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using namespace agents;

namespace {

training::Session tabular_agent(const std::string& yaml) { return trial::session(yaml, agents::all()); }

// The first registered module's table, [S] or [S, A].
torch::Tensor table_of(const training::Session& session) { return session.registry.tensors().at(0).second; }

}  // namespace

TEST_CASE("value iteration reaches the exact values, one sweep a step", "[agents][tabular]") {
  auto session = tabular_agent("{agent: value_iteration, env: FrozenLake-v1, train: {steps: 600}}");
  CHECK(trial::grades(session)["eval/return_exact"] < 0.1);
  trial::learn(session);
  const envs::Transitions table = envs::lake_transitions({});
  const StateValues exact = optimal_values(table, 0.99);
  const torch::Tensor learned = table_of(session);
  for (int64_t s = 0; s < 16; ++s)
    CHECK(learned[s].item<double>() == Approx(exact[static_cast<size_t>(s)]).margin(1e-6));
  CHECK(trial::grades(session)["eval/return_exact"] == Approx(0.7402).margin(5e-5));
}

TEST_CASE("Q-learning finds a good way over slippery ice on three seeds", "[agents][tabular]") {
  for (const std::string seed : {"1", "2", "3"}) {
    INFO("seed " << seed);
    auto session =
        tabular_agent("{seed: " + seed + ", agent: q_learning, env: FrozenLake-v1, train: {steps: 2000}}");
    CHECK(trial::grades(session)["eval/return_exact"] < 0.1);
    trial::learn(session);
    CHECK(trial::grades(session)["eval/return_exact"] > 0.6);
  }
}

TEST_CASE("with every action tried often, Q-learning's values are the exact ones", "[agents][tabular]") {
  // A corridor without wind: start, ice, goal. Q* of the goal's own row is never visited and stays 0.
  auto session = tabular_agent(
      "{agent: q_learning, env: {id: FrozenLake-v1, map: [SFG], is_slippery: false}, "
      "q_learning: {gamma: 0.9, epsilon_end: 1, visit_power: 0}, train: {steps: 20}}");
  trial::learn(session);
  const auto expected =
      torch::tensor({0.81, 0.81, 0.9, 0.81, 0.81, 0.9, 1.0, 0.9, 0.0, 0.0, 0.0, 0.0}, torch::kFloat64);
  CHECK(torch::allclose(table_of(session).flatten(), expected, 0, 1e-9));
}

TEST_CASE("a time limit bootstraps, an end does not", "[agents][tabular]") {
  // Two states in a circle of reward 0 with a value: were the limit an end, values would stay below.
  auto session = tabular_agent(
      "{agent: q_learning, env: {id: FrozenLake-v1, map: [SG], is_slippery: false, max_episode_steps: 1, "
      "reward_schedule: [1, 0, 0.5]}, q_learning: {gamma: 0.5, epsilon_end: 1, visit_power: 0}, "
      "train: {steps: 20}}");
  trial::learn(session);
  const torch::Tensor q = table_of(session);
  CHECK(q[0][2].item<double>() == Approx(1));              // the goal ends it
  CHECK(q[0][0].item<double>() == Approx(0.5 + 0.5 * 1));  // staying is cut, not ended
}

TEST_CASE("tabular agents refuse what is no table", "[agents][tabular][bad_input]") {
  CHECK(refusal([] {
          tabular_agent("{agent: q_learning, env: CartPole-v1, train: {steps: 1}}");
        }).find("q_learning needs Discrete observations and actions; CartPole-v1 has Box(float32, [4])") !=
        std::string::npos);
  CHECK(refusal([] {
          tabular_agent("{agent: value_iteration, env: Pendulum-v1, train: {steps: 1}}");
        }).find("value_iteration needs a table of transitions, as FrozenLake-v1 has; Pendulum-v1 has none") !=
        std::string::npos);
}
