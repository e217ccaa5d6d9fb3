// Exact returns and values against numbers derived elsewhere, against naive twins, and against played games.
#include "agents/exact.h"

#include "agents/all.h"
#include "agents/evaluation.h"
#include "envs/toy_text/frozenlake.h"
#include "tests/catch.h"
#include "tests/trial.h"

using namespace agents;

namespace {

envs::Transitions lake(const std::string& map_name = "4x4") {
  return envs::lake_transitions({.map_name = map_name});
}

// By the definition, one path after the other: what a policy expects from `state` with `to_go` steps left.
double naive_return(const envs::Transitions& table, const StatePolicy& policy, int64_t state, int64_t to_go) {
  if (to_go == 0) return 0;
  double sum = 0;
  for (const envs::Transition& o : table.of(state, policy[static_cast<size_t>(state)]))
    sum += o.probability * (o.reward + (o.terminated ? 0 : naive_return(table, policy, o.next, to_go - 1)));
  return sum;
}

double naive_best(const envs::Transitions& table, int64_t state, int64_t to_go) {
  if (to_go == 0) return 0;
  double best = -1e9;
  for (int64_t a = 0; a < table.actions; ++a) {
    double sum = 0;
    for (const envs::Transition& o : table.of(state, a))
      sum += o.probability * (o.reward + (o.terminated ? 0 : naive_best(table, o.next, to_go - 1)));
    best = std::max(best, sum);
  }
  return best;
}

}  // namespace

TEST_CASE("FrozenLake's optimum and its limits, to four digits", "[agents][exact]") {
  const envs::Transitions table = lake();
  const StateValues values = optimal_values(table, 0.99);
  CHECK(start_value(table, values) == Approx(0.5420).margin(5e-5));
  CHECK(best_expected_return(table, 100) == Approx(0.7442).margin(5e-5));
  const StatePolicy policy = greedy_policy(table, values, 0.99);
  CHECK(expected_return(table, policy, 100) == Approx(0.7402).margin(5e-5));
  CHECK(expected_return(table, policy, 100000) == Approx(0.8235).margin(5e-5));
  CHECK(best_expected_return(lake("8x8"), 200) == Approx(0.91).margin(5e-3));
}

TEST_CASE("the values of the optimal policy are the optimal values, and no other policy's",
          "[agents][exact]") {
  const envs::Transitions table = lake();
  const StateValues optimum = optimal_values(table, 0.99);
  const StateValues of_policy = policy_values(table, greedy_policy(table, optimum, 0.99), 0.99);
  for (size_t s = 0; s < optimum.size(); ++s) CHECK(of_policy[s] == Approx(optimum[s]).margin(1e-9));
  const StateValues of_right = policy_values(table, StatePolicy(16, 2), 0.99);
  CHECK(start_value(table, of_right) < start_value(table, optimum) - 0.1);
}

TEST_CASE("returns within a limit equal the sum over all paths", "[agents][exact]") {
  const envs::Transitions table = lake();
  core::Pcg64 random(3);
  for (int trial = 0; trial < 5; ++trial) {
    StatePolicy policy(16);
    for (int64_t& action : policy) action = random.integers(0, 4);
    policy[0] = 1;
    policy[4] = 1;
    policy[8] = 2;  // away from the start
    for (const int64_t limit : {1, 6, 9})
      CHECK(expected_return(table, policy, limit) ==
            Approx(naive_return(table, policy, 0, limit)).margin(1e-12));
  }
  for (const int64_t limit : {1, 6}) CHECK(best_expected_return(table, limit) == naive_best(table, 0, limit));
  CHECK(naive_best(table, 0, 6) > 0);
}

TEST_CASE("every agent's evaluation on a table agrees with many episodes that it plays", "[agents][exact]") {
  auto session = trial::session(
      "{agent: reinforce, env: {id: FrozenLake-v1, map: [SF, FG]}, train: {steps: 8}}", agents::all());
  CHECK(session.registry.score->metric == "eval/return_exact");
  trial::learn(session);
  auto grades = std::map<std::string, double>();
  session.evaluate({.seed = 1, .episodes = 4000, .greedy = true, .sampled = false},
                   {[&](const std::string& metric, double value) { grades[metric] = value; }, {}});
  const double p = grades.at("eval/return_exact");
  CHECK(grades.at("eval/return_greedy") == Approx(p).margin(4 * std::sqrt(p * (1 - p) / 4000) + 1e-9));
  CHECK(grades.count("eval/return_sampled") == 0);
}

TEST_CASE("an environment that is no table has no exact return", "[agents][exact]") {
  const auto session =
      trial::session("{agent: reinforce, env: CartPole-v1, train: {steps: 1}}", agents::all());
  CHECK(session.registry.score->metric == "eval/return_greedy");
  CHECK_FALSE(session.registry.has_metric("eval/return_exact"));
}
