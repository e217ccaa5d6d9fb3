// Bandits: one state, and arms of unknown worth. A row for each learner, in alphabetical order.
#include "agents/bandits/epsilon_greedy.h"
#include "agents/bandits/gradient.h"
#include "agents/bandits/softmax.h"
#include "agents/bandits/thompson.h"
#include "agents/bandits/ucb1.h"
#include "agents/families.h"

namespace agents {

std::vector<training::Entry> bandits() {
  return {
      {.name = "epsilon_greedy_bandit",
       .sentence = "The arm that has paid best, and now and then any of them",
       .source = "Sutton & Barto 2018, Reinforcement Learning, section 2.4",
       .trial = "{agent: epsilon_greedy_bandit, env: Bandit-v0, epsilon_greedy_bandit: {num_steps: 20}, "
                "train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<EpsilonGreedyBandit>},
      {.name = "gradient_bandit",
       .sentence = "Preferences that climb the expected reward, and whose softmax draws the arm",
       .source = "Sutton & Barto 2018, Reinforcement Learning, section 2.8",
       .trial = "{agent: gradient_bandit, env: Bandit-v0, gradient_bandit: {num_steps: 20}, train: {steps: "
                "8}, eval: {episodes: 3}}",
       .factory = training::factory<GradientBandit>},
      {.name = "softmax_bandit",
       .sentence = "Arms drawn the more often the better they have paid",
       .source = "Sutton 1990, Integrated architectures for learning, planning, and reacting",
       .trial = "{agent: softmax_bandit, env: Bandit-v0, softmax_bandit: {num_steps: 20}, train: {steps: 8}, "
                "eval: {episodes: 3}}",
       .factory = training::factory<SoftmaxBandit>},
      {.name = "thompson_bandit",
       .sentence = "The arm whose mean, drawn from what is believed of each, is the largest",
       .source = "Thompson 1933, On the likelihood that one unknown probability exceeds another",
       .trial = "{agent: thompson_bandit, env: Bandit-v0, thompson_bandit: {num_steps: 20}, train: {steps: "
                "8}, eval: {episodes: 3}}",
       .factory = training::factory<ThompsonBandit>},
      {.name = "ucb1_bandit",
       .sentence = "The arm that may be the best by the upper end of what its mean can be",
       .source = "Auer, Cesa-Bianchi & Fischer 2002, Finite-time analysis of the multiarmed bandit problem",
       .trial = "{agent: ucb1_bandit, env: Bandit-v0, ucb1_bandit: {num_steps: 20}, train: {steps: 8}, eval: "
                "{episodes: 3}}",
       .factory = training::factory<Ucb1Bandit>},
  };
}

}  // namespace agents
