// Graphs whose nodes have classes, of which few are told: the others follow from who is a neighbour of whom
// (Kipf & Welling 2017).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/options.h"
#include "training/data/all.h"

namespace training::data {

// Columns of such data: each part is the whole graph, a row for each node, and differs in the classes that it
// tells.
namespace column_of_nodes {
inline constexpr const char* neighbours =
    "neighbours";  // ragged [n] int64: the nodes at the other ends of its edges
inline constexpr const char* classes = "node_classes";  // [N] int64, -100 where the part does not tell it
}  // namespace column_of_nodes

struct Graph {
  torch::Tensor features;                          // [N, F] float32
  std::vector<std::pair<int64_t, int64_t>> edges;  // each once, between two nodes
  std::vector<int64_t> classes;                    // [N]
  std::vector<std::string> class_names;
  std::vector<int64_t> first{};  // nodes whose classes are told before others
};

// Whose classes are told: of each class so many to learn from and to choose by, drawn by the seed; the others
// are the test.
struct ToldNodes {
  int64_t labelled = 2, valid = 3, seed = 0;

  void fields(core::Fields& f);
  Data parts(const Graph& graph) const;
};

// Who met whom in a karate club of 34 members, and with whom each went when it split in two (Zachary 1977). A
// node's features say which it is, and no more.
struct Karate {
  ToldNodes told;

  void fields(core::Fields& f) { told.fields(f); }
  Data load() const;
};

// A stochastic block model (Holland et al. 1983): nodes of one class are neighbours with probability
// `within`, others with `between`. Features are noise N(0, 1), to one of which, its class's own, `signal` is
// added.
struct Blocks {
  int64_t classes = 4, nodes = 100, features = 16;
  double within = 0.1, between = 0.01, signal = 1;
  ToldNodes told{.valid = 10};

  void fields(core::Fields& f);
  Data load() const;
};

// Your own graph: lines of a node's name and its class in one file, of two nodes' names in the other.
struct GraphFiles {
  std::string nodes, edges;
  ToldNodes told;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
