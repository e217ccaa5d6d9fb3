// UCT (Kocsis & Szepesvari 2006) on copies of an environment, open loop (Perez Liebana et al. 2015): a node
// stands for the actions that lead to it, whatever chance has made of them, and its mean is of what came
// after. Returns are brought to 0 .. 1 by the lowest and the highest met so far (Schrittwieser et al. 2020,
// equation 5).
#pragma once

#include <limits>

#include "agents/planning/plan.h"
#include "core/random.h"
#include "envs/copy.h"
#include "envs/search_tree.h"

namespace agents {

struct CopySearchOptions {
  int64_t playouts = 200, horizon = 100;
  double exploration = 1.41421356, gamma = 0.99;
};

class CopySearch {
 public:
  CopySearch(const std::string& planner, const envs::Options& env, const CopySearchOptions& options);

  // What to do in the environment as it stands; it is left as it is.
  Plan plan(envs::Envs& original, core::Pcg64& random);

 private:
  struct Node {
    uint32_t visits = 0;
    uint32_t first = 0;  // child
    uint8_t children = 0, action = 0;
    double returns = 0;  // sum over the visits, from the reward of `action` on, discounted to it
  };

  void try_one(core::Pcg64& random);
  // Steps the copy, and tells whether the playout goes on.
  bool step(int64_t action);
  void play_out(bool open, core::Pcg64& random);
  void back_up();
  float share_of_returns(const Node& node) const;

  CopySearchOptions options_;
  envs::Copy copy_;
  envs::SearchTree<Node> tree_;
  std::vector<uint32_t> path_;   // of this playout: nodes, the root first
  std::vector<double> rewards_;  // and what each of its steps brought
  double lowest_ = 0, highest_ = 0;
};

}  // namespace agents
