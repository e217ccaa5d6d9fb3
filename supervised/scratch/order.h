// The two walks over a graph of computations that scalars and tensors share. Neither recurses: a chain of a
// million operations needs no deeper stack than one.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

namespace supervised::scratch {

// All nodes beneath `root` and itself, each once, behind everything that it was made of. Linear in nodes and
// edges, however many paths lead to a node. A Node has arity() and input(k), a shared pointer.
template <class Node>
std::vector<Node*> in_order_of_making(Node* root) {
  std::vector<Node*> order;
  std::unordered_set<const Node*> seen{root};
  std::vector<std::pair<Node*, size_t>> open{{root, 0}};  // and how many of its inputs were looked at
  while (!open.empty()) {
    Node* node = open.back().first;
    if (open.back().second == node->arity()) {
      order.push_back(node);
      open.pop_back();
    } else if (Node* input = node->input(open.back().second++).get(); seen.insert(input).second) {
      open.emplace_back(input, 0);
    }
  }
  return order;
}

// Lets go of what a dying node was made of. A node that nobody else holds dies with nothing beneath it.
template <class Node>
void let_go(Node& dying) {
  std::vector<std::shared_ptr<Node>> open;
  const auto take_inputs = [&open](Node& node) {
    for (size_t k = 0; k < node.arity(); ++k)
      if (node.input(k)) open.push_back(std::move(node.input(k)));
  };
  take_inputs(dying);
  while (!open.empty()) {
    const std::shared_ptr<Node> node = std::move(open.back());
    open.pop_back();
    if (node.use_count() == 1) take_inputs(*node);
  }
}

}  // namespace supervised::scratch
