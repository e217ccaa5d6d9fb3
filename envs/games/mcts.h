// Monte Carlo tree search with UCT and random playouts: Kocsis & Szepesvari (2006), as surveyed by Browne et
// al. (2012). The tree is built anew for each move, in memory that is there from the start.
#pragma once

#include <span>

#include "envs/games/game.h"
#include "envs/search_tree.h"

namespace envs::games {

struct MctsOptions {
  int64_t playouts = 200;
  double exploration = 1.41421356;  // of points in 0 .. 1
};

template <Game G>
class Mcts {
 public:
  struct Node {
    uint32_t visits = 0, points = 0;  // 2 for each win of who played `action`, 1 for each draw
    uint32_t first = 0;               // child
    uint8_t children = 0, action = 0;
  };

  explicit Mcts(const MctsOptions& options)
      : playouts_(options.playouts),
        exploration_(float(options.exploration)),
        tree_(size_t(1 + options.playouts * G::actions)) {}

  // The action that was tried most.
  int operator()(const G& board, core::Pcg64& random) {
    search(board, random);
    return tree_.most_tried();
  }

  // What was tried of an open board: a node for each legal action.
  std::span<const Node> search(const G& board, core::Pcg64& random) {
    tree_.clear();
    tree_.expand(0, board.legal());
    for (int64_t k = 0; k < playouts_; ++k) try_one(board, random);
    return tree_.children(0);
  }

 private:
  // Down the tree, one node further, a random playout, and back with what it brought.
  void try_one(G board, core::Pcg64& random) {
    std::array<uint32_t, cells<G> + 1> path;
    size_t depth = 0;
    uint32_t node = path[0] = 0;
    const auto enter = [&](uint32_t child) {
      node = path[++depth] = child;
      board.play(tree_[child].action);
    };
    while (tree_[node].children > 0) enter(tree_.choose(node, exploration_, share_of_points));
    if (tree_[node].visits > 0 && board.result() == Result::open && tree_.has_room(G::actions)) {
      tree_.expand(node, board.legal());
      enter(tree_[node].first);
    }
    uint32_t points = uint32_t(1 - random_playout(board, random));  // of who played last
    for (size_t k = depth + 1; k-- > 0; points = 2 - points) {
      ++tree_[path[k]].visits;
      tree_[path[k]].points += points;
    }
  }

  static float share_of_points(const Node& node) { return float(node.points) / (2 * float(node.visits)); }

  int64_t playouts_;
  float exploration_;
  SearchTree<Node> tree_;
};

}  // namespace envs::games
