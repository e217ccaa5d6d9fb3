// Planning: search ahead of each move. A row for each learner, in alphabetical order.
#include "agents/families.h"
#include "agents/planning/alphazero.h"
#include "agents/planning/mcts.h"

namespace agents {

std::vector<training::Entry> planning() {
  return {
      {.name = "alphazero",
       .sentence =
           "A net of policy and value, and a search that it guides, learned from games against itself",
       .source =
           "Silver et al. 2018, A general reinforcement learning algorithm that masters chess, shogi and "
           "Go through self-play",
       .updates = {"net"},
       .trial = "{agent: alphazero, env: TicTacToe-v0, net: {hidden: [16]}, alphazero: {simulations: 8, "
                "eval_simulations: 8, games: 3, "
                "updates: 2, batch_size: 8, window: 50}, train: {steps: 8}, eval: {episodes: 3}}",
       .factory = training::factory<AlphaZero>},
      {.name = "mcts",
       .sentence = "Tree search by playouts before each move, on boards and on copies of an environment",
       .source = "Kocsis & Szepesvari 2006, Bandit based Monte-Carlo planning",
       .trial = "{agent: mcts, env: TicTacToe-v0, mcts: {playouts: 20, num_steps: 3}, train: {steps: 8}, "
                "eval: {episodes: 3}}",
       .factory = training::factory<MctsAgent>},
  };
}

}  // namespace agents
