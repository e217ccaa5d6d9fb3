#include "agents/planning/board_search.h"

namespace agents {

using namespace envs::games;

using AnyTree = std::variant<Mcts<ConnectFour>, Mcts<TicTacToe>>;

static AnyTree tree_for(const AnyGame& game, const MctsOptions& options) {
  return std::visit([&]<class G>(std::type_identity<G>) -> AnyTree { return Mcts<G>(options); }, game);
}

template <class G>
static Plan plan_on(Mcts<G>& tree, const G& board, core::Pcg64& random) {
  Plan plan{.visits = std::vector<float>(G::actions, 0)};
  if (!board.is_sound() || board.result() != Result::open) return plan;
  uint32_t all = 0, most = 0;
  const auto tried = tree.search(board, random);
  for (const auto& node : tried) all += node.visits;
  for (const auto& node : tried) {
    plan.visits[node.action] = float(node.visits) / float(all);
    if (node.visits > most) plan.value = double(node.points) / double(node.visits) - 1;
    most = std::max(most, node.visits);
  }
  return plan;
}

BoardSearch::BoardSearch(const AnyGame& game, const MctsOptions& options) : tree_(tree_for(game, options)) {}

Plan BoardSearch::plan(const float* planes, core::Pcg64& random) {
  return std::visit([&]<class G>(Mcts<G>& tree) { return plan_on(tree, board_seen<G>(planes), random); },
                    tree_);
}

}  // namespace agents
