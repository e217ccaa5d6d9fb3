// The tree of a search: nodes whose children lie side by side, in memory that is there from the start; and
// the way down it by upper confidence bounds, UCB1 (Auer, Cesa-Bianchi & Fischer 2002) applied to trees: UCT
// (Kocsis & Szepesvari 2006).
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace envs {

// Node: visits, first and children, uint32_t or smaller, 0 at first; action. What its visits brought is its
// own.
template <class Node>
class SearchTree {
 public:
  explicit SearchTree(size_t nodes) : nodes_(nodes) {}

  // The root alone, which is node 0.
  void clear() {
    nodes_[0] = {};
    used_ = 1;
  }
  Node& operator[](uint32_t node) { return nodes_[node]; }
  const Node& operator[](uint32_t node) const { return nodes_[node]; }
  bool has_room(size_t more) const { return used_ + more <= nodes_.size(); }

  // A child for each bit of `actions`, the lowest first.
  void expand(uint32_t node, uint32_t actions) {
    nodes_[node].first = used_;
    for (; actions != 0; actions &= actions - 1) {
      nodes_[used_] = {};
      nodes_[used_++].action = uint8_t(std::countr_zero(actions));
      ++nodes_[node].children;
    }
  }

  std::span<const Node> children(uint32_t node) const {
    return {nodes_.data() + nodes_[node].first, nodes_[node].children};
  }
  // The root's action that was tried most.
  int most_tried() const {
    const auto tried = children(0);
    return std::max_element(tried.begin(), tried.end(),
                            [](const Node& a, const Node& b) { return a.visits < b.visits; })
        ->action;
  }

  // The first of the children with the highest score(node).
  template <class Score>
  uint32_t highest(uint32_t parent, Score score) const {
    const auto scored = children(parent);
    uint32_t best = 0;
    float most = score(scored[0]);
    for (uint32_t k = 1; k < scored.size(); ++k) {
      const float found = score(scored[k]);
      if (found > most) best = k;
      most = std::max(most, found);
    }
    return nodes_[parent].first + best;
  }

  // The child with the highest bound mean(node) + exploration sqrt(log N / n), one that was never tried
  // before all others; of those alone whose action is possible: at least one is. mean: 0 .. 1.
  template <class Mean>
  uint32_t choose(uint32_t parent, float exploration, Mean mean, uint32_t possible = ~uint32_t(0)) const {
    const Node& from = nodes_[parent];
    const float log_visits = std::log(float(std::max(from.visits, uint32_t(1))));
    uint32_t best = from.first;
    float highest = -1;
    for (uint32_t child = from.first; child < from.first + from.children; ++child) {
      const Node& node = nodes_[child];
      if (!(possible >> node.action & 1)) continue;
      if (node.visits == 0) return child;
      const float bound = mean(node) + exploration * std::sqrt(log_visits / float(node.visits));
      if (bound > highest) best = child;
      highest = std::max(highest, bound);
    }
    return best;
  }

 private:
  std::vector<Node> nodes_;
  uint32_t used_ = 1;
};

}  // namespace envs
