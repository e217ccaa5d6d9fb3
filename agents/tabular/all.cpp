// Values in a table: of states and actions that can be counted. A row for each learner, in alphabetical
// order.
#include "agents/families.h"
#include "agents/tabular/double_q_learning.h"
#include "agents/tabular/dyna_q.h"
#include "agents/tabular/expected_sarsa.h"
#include "agents/tabular/monte_carlo.h"
#include "agents/tabular/n_step_sarsa.h"
#include "agents/tabular/policy_iteration.h"
#include "agents/tabular/q_learning.h"
#include "agents/tabular/sarsa.h"
#include "agents/tabular/semi_gradient_sarsa.h"
#include "agents/tabular/tree_backup.h"
#include "agents/tabular/value_iteration.h"

namespace agents {

std::vector<training::Entry> tabular() {
  return {
      {.name = "double_q_learning",
       .sentence = "Two tables of action values, each of which judges the other's choice",
       .source = "van Hasselt 2010, Double Q-learning",
       .trial = "{agent: double_q_learning, env: FrozenLake-v1, double_q_learning: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<DoubleQLearning>},
      {.name = "dyna_q",
       .sentence = "Q-learning that plans between two moves, with a model of what it has met",
       .source = "Sutton 1990, Integrated architectures for learning, planning, and reacting",
       .trial = "{agent: dyna_q, env: FrozenLake-v1, dyna_q: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<DynaQ>},
      {.name = "expected_sarsa",
       .sentence = "A table of action values that expects of the next state what the policy would",
       .source = "van Seijen et al. 2009, A theoretical and empirical analysis of Expected Sarsa",
       .trial = "{agent: expected_sarsa, env: FrozenLake-v1, expected_sarsa: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<ExpectedSarsa>},
      {.name = "monte_carlo",
       .sentence = "A table of action values, learned from the returns of whole episodes",
       .source = "Sutton & Barto 2018, Reinforcement Learning, section 5.4",
       .trial = "{agent: monte_carlo, env: FrozenLake-v1, monte_carlo: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<MonteCarlo>},
      {.name = "n_step_sarsa",
       .sentence = "SARSA from the rewards of n moves and what is expected after them",
       .source = "Sutton & Barto 2018, Reinforcement Learning, section 7.2",
       .trial = "{agent: n_step_sarsa, env: FrozenLake-v1, n_step_sarsa: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<NStepSarsa>},
      {.name = "policy_iteration",
       .sentence = "Values of a policy and the policy that is greedy by them, in turn, over a known table",
       .source = "Howard 1960, Dynamic programming and Markov processes",
       .trial = "{agent: policy_iteration, env: FrozenLake-v1, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<PolicyIteration>},
      {.name = "q_learning",
       .sentence = "A table of action values, learned from every transition that is played",
       .source = "Watkins & Dayan 1992, Q-learning",
       .trial = "{agent: q_learning, env: FrozenLake-v1, q_learning: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<QLearning>},
      {.name = "sarsa",
       .sentence = "A table of action values of the policy that plays, by what it does next",
       .source = "Rummery & Niranjan 1994, On-line Q-learning using connectionist systems",
       .trial = "{agent: sarsa, env: FrozenLake-v1, sarsa: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<Sarsa>},
      {.name = "semi_gradient_sarsa",
       .sentence = "SARSA whose values are sums over tiles, for observations that are numbers",
       .source = "Sutton & Barto 2018, Reinforcement Learning, section 10.1",
       .trial = "{agent: semi_gradient_sarsa, env: MountainCar-v0, semi_gradient_sarsa: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<SemiGradientSarsa>},
      {.name = "tree_backup",
       .sentence = "Action values from n moves and all that the policy could have done on the way",
       .source = "Precup, Sutton & Singh 2000, Eligibility traces for off-policy policy evaluation",
       .trial = "{agent: tree_backup, env: FrozenLake-v1, tree_backup: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<TreeBackup>},
      {.name = "value_iteration",
       .sentence = "The best values of a known table of transitions, sweep by sweep",
       .source = "Bellman 1957, Dynamic programming",
       .trial = "{agent: value_iteration, env: FrozenLake-v1, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<ValueIteration>},
  };
}

}  // namespace agents
