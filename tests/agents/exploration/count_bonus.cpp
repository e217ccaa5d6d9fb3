// Whoever is paid for what is new finds what chance does not.
#include "agents/exploration/count_bonus.h"

#include <cmath>

#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace tests::tabular;

namespace tests::count_bonus {

namespace {

std::string chain(int64_t length) { return "{id: Chain-v0, length: " + std::to_string(length) + "}"; }

// Episodes until the greedy policy takes the best way to the far end; `most` where it does not.
int64_t episodes_until_solved(const std::string& agent, const std::string& options, int64_t length,
                              int64_t seed, int64_t most) {
  const int64_t limit = length + 9;  // steps of an episode
  auto session = tests::tabular::agent(
      fmt::format("{{seed: {}, agent: {}, env: {}, {}: {{num_steps: {}{}}}, train: {{env_steps: {}}}}}", seed,
                  agent, chain(length), agent, limit, options, most * limit));
  const envs::Transitions table = table_of(chain(length));
  const training::Logger silent{[](const std::string&, double) {}, {}};
  int64_t episodes = 0;
  while (session.progress() < 1) {
    session.step(silent);
    ++episodes;
    if (agents::expected_return(table, greedy(session, table.states), limit) > 9) return episodes;
  }
  return most;
}

// The chance that a random walk gets from state 1 to the far end within an episode, by dynamic programming.
double chance_by_luck(int64_t length) {
  std::vector<double> there(static_cast<size_t>(length), 0);
  there[1] = 1;
  for (int64_t t = 0; t < length + 9; ++t) {
    std::vector<double> next(there.size(), 0);
    next.back() = there.back();
    for (size_t s = 0; s + 1 < there.size(); ++s) {
      next[s == 0 ? 0 : s - 1] += there[s] / 2;
      next[s + 1] += there[s] / 2;
    }
    there = std::move(next);
  }
  return there.back();
}

}  // namespace

TEST_CASE("a count bonus solves the chain in episodes that grow with its length, where chance takes 2^N",
          "[agents][exploration]") {
  for (const int64_t length : {10, 20, 30, 40}) {
    for (const int64_t seed : {0, 1, 2}) {
      INFO("N = " << length << ", seed " << seed);
      CHECK(episodes_until_solved("count_bonus", "", length, seed, 10 * length) <= 2 * length);
    }
    CHECK(1 / chance_by_luck(length) > std::pow(2, length) / std::pow(length, 4));
  }
  CHECK(1 / chance_by_luck(30) > 1e4);
  for (const int64_t seed : {0, 1, 2})
    CHECK(episodes_until_solved("q_learning", ", epsilon_start: 0.1, epsilon_end: 0.1", 30, seed, 1000) ==
          1000);
}

TEST_CASE("without a bonus the plan is that of the model alone, and a gamma of 1 is refused",
          "[agents][exploration]") {
  // Everything is tried at N = 4: its values are those of the table, by value iteration.
  const std::string yaml =
      "{agent: count_bonus, env: " + chain(4) + ", count_bonus: {num_steps: 13, gamma: 0.9";
  const auto session = trained(yaml + "}, train: {env_steps: 6k}}");
  const envs::Transitions table = table_of(chain(4));
  const agents::StateValues exact = agents::optimal_values(table, 0.9);
  const torch::Tensor q = tensor(session, "q/values");
  for (int64_t s = 0; s < 3; ++s) CHECK(std::abs(q[s].max().item<double>() - exact[size_t(s)]) < 1e-2);
  CHECK(refusal([&] {
          trained(yaml.substr(0, yaml.size() - 3) + "1}, train: {env_steps: 100}}");
        }).find("expected below 1") != std::string::npos);
}

}  // namespace tests::count_bonus
