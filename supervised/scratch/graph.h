// The computation graph of a result as a picture: who was made of whom, with values and gradients.
#pragma once

#include <string>
#include <vector>

#include "core/canvas.h"
#include "supervised/scratch/var.h"

namespace supervised::scratch {

// Nodes in order of making, so that inputs are earlier ones.
struct Graph {
  struct Node {
    std::string label;  // of a leaf its name, or its value where it has none; else its operation
    double value = 0, grad = 0;
    std::vector<size_t> inputs;
    bool leaf = true;
    int column = 0;  // of the picture: right of all inputs
    double row = 0;
  };
  std::vector<Node> nodes;
  double columns = 0, rows = 0;
};

Graph graph_of(const Var& result);

// For Graphviz.
std::string dot(const Graph& graph);
// How wide and high it is drawn, in world units, and the drawing.
core::Vec extent(const Graph& graph);
void draw(const Graph& graph, core::Canvas& canvas);

}  // namespace supervised::scratch
