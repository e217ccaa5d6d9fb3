// Sutton & Barto (2018), example 6.6: along the cliff SARSA, which counts with its own missteps, takes the
// safe way and gains more while it learns; Q-learning learns the shortest way, at the edge.
#include "tests/agents/tabular/agent.h"
#include "tests/catch.h"

using namespace tests::tabular;

namespace {

struct Walk {
  double online, greedy;  // mean return of the second half of the run's episodes; of the way that was learned
};

Walk walk(const std::string& agent, int seed) {
  auto session = tests::tabular::agent("{seed: " + std::to_string(seed) + ", agent: " + agent +
                                       ", env: CliffWalking-v1, " + agent +
                                       ": {gamma: 1, learning_rate: 0.5, visit_power: 0.3, epsilon_start: "
                                       "0.1, epsilon_end: 0.1, num_steps: 10}, "
                                       "train: {env_steps: 40k}}");
  double sum = 0, episodes = 0;
  const training::Logger logger{[&](const std::string& metric, double logged) {
                                  if (session.progress() < 0.5) return;
                                  if (metric == "train/return") sum += logged;
                                  if (metric == "train/episodes") episodes += logged;
                                },
                                {}};
  while (session.progress() < 1) session.step(logger);
  const envs::Transitions table = table_of("CliffWalking-v1");
  return {sum / episodes, agents::expected_return(table, greedy(session, table.states), 100)};
}

}  // namespace

TEST_CASE("SARSA walks away from the cliff, and Q-learning along its edge, on three seeds",
          "[agents][tabular]") {
  for (const int seed : {1, 2, 3}) {
    const Walk careful = walk("sarsa", seed), bold = walk("q_learning", seed);
    INFO("seed " << seed << ": " << careful.online << ", " << careful.greedy << " and " << bold.online << ", "
                 << bold.greedy);
    CHECK(bold.greedy == -13);
    CHECK(careful.greedy >= -21);
    CHECK(careful.greedy <= -15);
    CHECK(careful.online > -32);
    CHECK(careful.online > bold.online + 10);
  }
}
