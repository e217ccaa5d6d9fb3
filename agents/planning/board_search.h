// The tree search of envs/games on whatever board an observation shows.
#pragma once

#include <variant>

#include "agents/planning/plan.h"
#include "core/random.h"
#include "envs/games/boards.h"
#include "envs/games/mcts.h"

namespace agents {

class BoardSearch {
 public:
  BoardSearch(const envs::games::AnyGame& game, const envs::games::MctsOptions& options);

  // planes: [rows, columns, 2]. A board that is over, or none, has no plan: all shares are 0.
  Plan plan(const float* planes, core::Pcg64& random);

 private:
  using ConnectFour = envs::games::ConnectFour;
  using TicTacToe = envs::games::TicTacToe;

  std::variant<envs::games::Mcts<ConnectFour>, envs::games::Mcts<TicTacToe>> tree_;
};

}  // namespace agents
