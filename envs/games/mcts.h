// Monte Carlo tree search with UCT and random playouts: Kocsis & Szepesvari (2006), as surveyed by Browne et
// al. (2012). The tree is built anew for each move, in memory that is there from the start.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "envs/games/game.h"

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
    uint32_t first = 0;               // child; they lie side by side
    uint8_t children = 0, action = 0;
  };

  explicit Mcts(const MctsOptions& options)
      : playouts_(options.playouts),
        exploration_(float(options.exploration)),
        nodes_(size_t(1 + options.playouts * G::actions)) {}

  // The action that was tried most.
  int operator()(const G& board, core::Pcg64& random) {
    const auto tried = search(board, random);
    return std::max_element(tried.begin(), tried.end(),
                            [](const Node& a, const Node& b) { return a.visits < b.visits; })
        ->action;
  }

  // What was tried of an open board: a node for each legal action.
  std::span<const Node> search(const G& board, core::Pcg64& random) {
    nodes_[0] = {};
    used_ = 1;
    expand(0, board);
    for (int64_t k = 0; k < playouts_; ++k) try_one(board, random);
    return {nodes_.data() + nodes_[0].first, nodes_[0].children};
  }

 private:
  // Down the tree, one node further, a random playout, and back with what it brought.
  void try_one(G board, core::Pcg64& random) {
    std::array<uint32_t, cells<G> + 1> path;
    size_t depth = 0;
    uint32_t node = path[0] = 0;
    const auto enter = [&](uint32_t child) {
      node = path[++depth] = child;
      board.play(nodes_[child].action);
    };
    while (nodes_[node].children > 0) enter(choose(node));
    if (nodes_[node].visits > 0 && board.result() == Result::open && has_room()) {
      expand(node, board);
      enter(nodes_[node].first);
    }
    uint32_t points = uint32_t(1 - random_playout(board, random));  // of who played last
    for (size_t k = depth + 1; k-- > 0; points = 2 - points) {
      ++nodes_[path[k]].visits;
      nodes_[path[k]].points += points;
    }
  }

  bool has_room() const { return used_ + G::actions <= nodes_.size(); }

  void expand(uint32_t node, const G& board) {
    nodes_[node].first = used_;
    for (uint32_t legal = board.legal(); legal != 0; legal &= legal - 1) {
      nodes_[used_++] = {.action = uint8_t(std::countr_zero(legal))};
      ++nodes_[node].children;
    }
  }

  // The child with the highest upper confidence bound, one that was never tried before all others.
  uint32_t choose(uint32_t parent) const {
    const Node& from = nodes_[parent];
    const float log_visits = std::log(float(std::max(from.visits, uint32_t(1))));
    uint32_t best = from.first;
    float highest = -1;
    for (uint32_t child = from.first; child < from.first + from.children; ++child) {
      const Node& node = nodes_[child];
      if (node.visits == 0) return child;
      const float visits = float(node.visits);
      const float bound = float(node.points) / (2 * visits) + exploration_ * std::sqrt(log_visits / visits);
      if (bound > highest) best = child;
      highest = std::max(highest, bound);
    }
    return best;
  }

  int64_t playouts_;
  float exploration_;
  std::vector<Node> nodes_;
  uint32_t used_ = 0;
};

}  // namespace envs::games
