#include "agents/planning/copy_search.h"

#include <algorithm>
#include <bit>

#include "core/interrupt.h"
#include "core/memory.h"

namespace agents {

CopySearch::CopySearch(const std::string& planner, const envs::Options& env, const CopySearchOptions& options)
    : options_(options), copy_(planner, env), tree_(1) {
  const int64_t nodes = 1 + options.playouts * copy_.spec().action.n[0];
  core::require_memory(static_cast<double>(nodes) * static_cast<double>(sizeof(Node)),
                       planner + ".playouts: the nodes of a tree");
  tree_ = envs::SearchTree<Node>(static_cast<size_t>(nodes));
}

Plan CopySearch::plan(envs::Envs& original, core::Pcg64& random) {
  copy_.take(original);
  tree_.clear();
  lowest_ = std::numeric_limits<double>::infinity();
  highest_ = -lowest_;
  for (int64_t k = 0; k < options_.playouts; ++k) try_one(random);
  Plan plan{.visits = std::vector<float>(static_cast<size_t>(copy_.spec().action.n[0]), 0)};
  uint32_t most = 0;
  for (const Node& node : tree_.children(0)) {
    plan.visits[node.action] = static_cast<float>(node.visits) / static_cast<float>(options_.playouts);
    if (node.visits > most) plan.value = node.returns / static_cast<double>(node.visits);
    most = std::max(most, node.visits);
  }
  return plan;
}

// Down the tree, one node further, a random playout, and back with what it brought.
void CopySearch::try_one(core::Pcg64& random) {
  core::heed_signals();
  copy_.restart(random.next64());
  path_.assign(1, 0);
  rewards_.clear();
  bool open = true, fresh = false;
  while (open && !fresh) {
    const uint32_t node = path_.back(), possible = copy_.possible();
    if (tree_[node].children == 0) {
      const bool grows = node == 0 || tree_[node].visits > 0;
      if (!grows || !tree_.has_room(static_cast<size_t>(copy_.spec().action.n[0]))) break;
      tree_.expand(node, possible);
    }
    uint32_t met = 0;  // what chance has made impossible this time is left out
    for (const Node& child : tree_.children(node)) met |= uint32_t{1} << child.action;
    if ((met & possible) == 0) break;
    const auto mean = [this](const Node& child) { return share_of_returns(child); };
    path_.push_back(tree_.choose(node, static_cast<float>(options_.exploration), mean, possible));
    fresh = tree_[path_.back()].visits == 0;
    open = step(tree_[path_.back()].action);
  }
  play_out(open, random);
  back_up();
}

bool CopySearch::step(int64_t action) {
  const envs::Copy::Outcome outcome = copy_.step(action);
  rewards_.push_back(outcome.reward);
  return !outcome.ended && std::ssize(rewards_) < options_.horizon;
}

void CopySearch::play_out(bool open, core::Pcg64& random) {
  while (open) {
    uint32_t possible = copy_.possible();
    for (int64_t n = random.integers(0, std::popcount(possible)); n > 0; --n) possible &= possible - 1;
    open = step(std::countr_zero(possible));
  }
}

// G_t = r_t + gamma G_(t+1), to the node whose action brought r_t.
void CopySearch::back_up() {
  double ahead = 0;
  for (size_t t = rewards_.size(); t-- > 0;) {
    ahead = rewards_[t] + options_.gamma * ahead;
    if (t + 1 >= path_.size()) continue;
    Node& node = tree_[path_[t + 1]];
    ++node.visits;
    node.returns += ahead;
    lowest_ = std::min(lowest_, ahead);
    highest_ = std::max(highest_, ahead);
  }
  ++tree_[0].visits;
}

float CopySearch::share_of_returns(const Node& node) const {
  const double mean = node.returns / static_cast<double>(node.visits);
  return highest_ > lowest_ ? static_cast<float>((mean - lowest_) / (highest_ - lowest_)) : 0.5F;
}

}  // namespace agents
