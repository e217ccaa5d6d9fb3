// Action values by a net, learned from replayed transitions or as they are played. A row for each learner, in
// alphabetical order.
#include "agents/families.h"
#include "agents/value/deep_q.h"
#include "agents/value/q_network.h"

namespace agents {

std::vector<training::Entry> value() {
  return {
      {.name = "c51",
       .sentence = "Action values as distributions over fixed returns, from replayed transitions",
       .source = "Bellemare, Dabney & Munos 2017, A distributional perspective on reinforcement learning",
       .updates = {"q"},
       .trial =
           "{agent: c51, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [32]}, "
           "c51: {num_envs: 2, train_every: 4, batch_size: 16, buffer_size: 150, learning_starts: 30, "
           "target_every: 5, dueling: true, prioritised: true, noisy: true, atoms: 11, v_min: 0, v_max: 50}, "
           "train: {steps: 100}, eval: {episodes: 3}}",
       .factory = training::factory<DeepQ, C51Options>},
      {.name = "dqn",
       .sentence =
           "Action values from replayed transitions: double, dueling, prioritised, n-step, with memory",
       .source = "Mnih et al. 2015, Human-level control through deep reinforcement learning",
       .updates = {"q"},
       .trial = "{agent: dqn, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [32]}, "
                "dqn: {num_envs: 2, train_every: 4, batch_size: 16, buffer_size: 150, "
                "learning_starts: 30, n_step: 2, target_every: 5, dueling: true, prioritised: true}, "
                "train: {steps: 100}, eval: {episodes: 3}}",
       .factory = training::factory<DeepQ, DqnOptions>},
      {.name = "q_network",
       .sentence = "Action values from each transition as it is played, by the best next action or by SARSA",
       .source = "Rummery & Niranjan 1994, On-line Q-learning using connectionist systems",
       .updates = {"q"},
       .trial =
           "{agent: q_network, env: {id: FrozenLake-v1, max_episode_steps: 9}, q_network: {target: sarsa, "
           "num_steps: 5}, train: {steps: 60}, eval: {episodes: 3}}",
       .factory = training::factory<QNetwork>},
      {.name = "qr_dqn",
       .sentence = "Action values as quantiles of the return, from replayed transitions",
       .source = "Dabney, Rowland, Bellemare & Munos 2018, Distributional reinforcement learning with "
                 "quantile regression",
       .updates = {"q"},
       .trial = "{agent: qr_dqn, env: {id: CartPole-v1, max_episode_steps: 50}, net: {hidden: [32]}, "
                "qr_dqn: {num_envs: 2, train_every: 4, batch_size: 16, buffer_size: 150, "
                "learning_starts: 30, target_every: 5, quantiles: 7}, train: {steps: 100}, "
                "eval: {episodes: 3}}",
       .factory = training::factory<DeepQ, QrDqnOptions>},
  };
}

}  // namespace agents
