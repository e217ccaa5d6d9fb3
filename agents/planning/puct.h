// AlphaZero's search of one board (Silver et al. 2018, A general reinforcement learning algorithm that
// masters chess, shogi and Go through self-play): down the tree by PUCT, Q + c P sqrt(N) / (1 + n), to a leaf
// that a net judges: priors of its actions and its value, which goes back up. Who asks the net is the caller,
// so that the leaves of many boards can be asked about at once.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "agents/gamma_draws.h"
#include "core/random.h"
#include "envs/games/game.h"
#include "envs/search_tree.h"

namespace agents {

template <envs::games::Game G>
class Puct {
 public:
  struct Node {
    uint32_t visits = 0, first = 0;
    uint8_t children = 0, action = 0;
    float prior = 1;  // of `action`
    float value = 0;  // sum over the visits, as whoever played `action` sees it

    float mean() const { return visits == 0 ? 0 : value / static_cast<float>(visits); }
  };

  Puct(int64_t simulations, double exploration)
      : exploration_(static_cast<float>(exploration)),
        tree_(static_cast<size_t>(1 + (simulations + 1) * G::actions)) {}

  // An open board, whose root is the first leaf.
  void begin(const G& board) {
    root_ = board_ = board;
    tree_.clear();
    path_[0] = 0;
    depth_ = 0;
  }

  // Down to a leaf. False where the game is over there: then nobody need be asked, and it is counted.
  bool descend() {
    board_ = root_;
    depth_ = 0;
    for (uint32_t node = 0; tree_[node].children > 0;) {
      node = path_[++depth_] = choose(node);
      board_.play(tree_[node].action);
    }
    const envs::games::Result result = board_.result();
    if (result == envs::games::Result::open) return true;
    back_up(result == envs::games::Result::won ? -1.0F : 0.0F);
    return false;
  }
  const G& leaf() const { return board_; }

  // What the net says of the leaf: logits [A], and its value to who is to move.
  void expand(const float* logits, float value) {
    const uint32_t leaf = path_[depth_];
    tree_.expand(leaf, board_.legal());
    float highest = logits[tree_[tree_[leaf].first].action], sum = 0;
    each_child(leaf, [&](Node& child) { highest = std::max(highest, logits[child.action]); });
    each_child(leaf, [&](Node& child) { sum += child.prior = std::exp(logits[child.action] - highest); });
    each_child(leaf, [&](Node& child) { child.prior /= sum; });
    back_up(value);
  }

  // P = (1 - share) P + share Dirichlet(concentration), at the root, once it is expanded.
  void add_noise(double share, double concentration, core::Pcg64& random) {
    const auto noise = dirichlet_draw(tree_[0].children, concentration, random);
    size_t k = 0;
    each_child(0, [&](Node& child) {
      child.prior = static_cast<float>((1 - share) * static_cast<double>(child.prior) + share * noise[k++]);
    });
  }

  std::span<const Node> tried() const { return tree_.children(0); }
  const Node& root() const { return tree_[0]; }

 private:
  uint32_t choose(uint32_t parent) const {
    const float scale = exploration_ * std::sqrt(static_cast<float>(tree_[parent].visits));
    return tree_.highest(parent, [scale](const Node& node) {
      return node.mean() + scale * node.prior / static_cast<float>(1 + node.visits);
    });
  }

  template <class F>
  void each_child(uint32_t node, F&& visit) {
    for (uint32_t k = 0; k < tree_[node].children; ++k) visit(tree_[tree_[node].first + k]);
  }

  // value: to who is to move at the leaf, so that who played the leaf's action sees its opposite.
  void back_up(float value) {
    for (size_t k = depth_ + 1; k-- > 0;) {
      value = -value;
      ++tree_[path_[k]].visits;
      tree_[path_[k]].value += value;
    }
  }

  float exploration_;
  envs::SearchTree<Node> tree_;
  G root_, board_;  // board_: at the end of the path
  std::array<uint32_t, envs::games::cells<G> + 1> path_{};
  size_t depth_ = 0;
};

}  // namespace agents
