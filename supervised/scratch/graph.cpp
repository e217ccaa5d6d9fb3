// Columns from the leaves to the result, each node beside those it is made of (after Sugiyama et al. 1981).
#include "supervised/scratch/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "supervised/scratch/order.h"

namespace supervised::scratch {
namespace {

std::string label_of(const Var::Node& node) {
  if (!node.is_leaf()) return node.operation + (node.name.empty() ? "" : " " + node.name);
  return node.name.empty() ? fmt::format("{:g}", node.value) : node.name;
}

// Operations right of their inputs; leaves just left of the first who needs them.
void set_columns(Graph& graph) {
  std::vector<int> first(graph.nodes.size(), static_cast<int>(graph.nodes.size()));
  for (Graph::Node& node : graph.nodes)
    for (const size_t input : node.inputs) node.column = std::max(node.column, graph.nodes[input].column + 1);
  for (const Graph::Node& node : graph.nodes)
    for (const size_t input : node.inputs) first[input] = std::min(first[input], node.column - 1);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    Graph::Node& node = graph.nodes[i];
    if (node.leaf && first[i] < static_cast<int>(graph.nodes.size())) node.column = first[i];
    graph.columns = std::max(graph.columns, node.column + 1.0);
  }
}

// Where it would lie between its inputs; a leaf keeps the order in which it was met.
double wanted_row(const Graph& graph, size_t i) {
  const auto& inputs = graph.nodes[i].inputs;
  if (inputs.empty()) return static_cast<double>(i);
  double sum = 0;
  for (const size_t input : inputs) sum += graph.nodes[input].row;
  return sum / static_cast<double>(inputs.size());
}

void set_rows(Graph& graph) {
  std::map<int, std::vector<size_t>> columns;
  for (size_t i = 0; i < graph.nodes.size(); ++i) columns[graph.nodes[i].column].push_back(i);
  for (const auto& [column, members] : columns)
    graph.rows = std::max(graph.rows, static_cast<double>(members.size()));
  for (auto& [column, members] : columns) {
    std::stable_sort(members.begin(), members.end(),
                     [&](size_t a, size_t b) { return wanted_row(graph, a) < wanted_row(graph, b); });
    const double above = (graph.rows - static_cast<double>(members.size())) / 2;  // centred
    for (size_t k = 0; k < members.size(); ++k) graph.nodes[members[k]].row = above + static_cast<double>(k);
  }
}

constexpr double column_width = 5, row_height = 2.4, box_width = 3, box_height = 1.6;

core::Vec centre(const Graph& graph, const Graph::Node& node) {
  return {(node.column + 0.5) * column_width, (graph.rows - node.row - 0.5) * row_height};
}

constexpr core::Color ink{40, 44, 52}, pale{150, 156, 166}, leaf_fill{226, 238, 252},
    operation_fill{250, 240, 220};

void draw_arrow(core::Canvas& canvas, core::Vec from, core::Vec to) {
  canvas.line(from, to, pale, 0.06);
  const double length = std::hypot(to.x - from.x, to.y - from.y), x = (to.x - from.x) / length,
               y = (to.y - from.y) / length;
  const std::array<core::Vec, 3> head{to, core::Vec{to.x - 0.35 * x + 0.14 * y, to.y - 0.35 * y - 0.14 * x},
                                      core::Vec{to.x - 0.35 * x - 0.14 * y, to.y - 0.35 * y + 0.14 * x}};
  canvas.polygon(head, core::filled(pale));
}

void draw_box(core::Canvas& canvas, core::Vec at, const Graph::Node& node) {
  const double x = at.x - box_width / 2, y = at.y - box_height / 2;
  const std::array<core::Vec, 4> box{core::Vec{x, y}, core::Vec{x + box_width, y},
                                     core::Vec{x + box_width, y + box_height}, core::Vec{x, y + box_height}};
  canvas.polygon(box, {node.leaf ? leaf_fill : operation_fill, ink, 0.05});
  canvas.text({at.x, at.y + 0.3}, node.label, 0.36, ink, core::Align::center);
  canvas.text({at.x, at.y - 0.18}, fmt::format("value {:.4g}", node.value), 0.24, ink, core::Align::center);
  canvas.text({at.x, at.y - 0.6}, fmt::format("gradient {:.4g}", node.grad), 0.24, ink, core::Align::center);
}

}  // namespace

Graph graph_of(const Var& result) {
  Graph graph;
  std::map<const Var::Node*, size_t> place;
  for (Var::Node* node : in_order_of_making(result.node().get())) {
    place[node] = graph.nodes.size();
    graph.nodes.push_back({label_of(*node), node->value, node->grad, {}, node->is_leaf()});
    for (size_t k = 0; k < node->arity(); ++k)
      graph.nodes.back().inputs.push_back(place.at(node->input(k).get()));
  }
  set_columns(graph);
  set_rows(graph);
  return graph;
}

std::string dot(const Graph& graph) {
  std::string text = "digraph computation {\n  rankdir=LR;\n  node [shape=box];\n";
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Graph::Node& node = graph.nodes[i];
    text += fmt::format("  n{} [label=\"{}\\nvalue {:g}\\ngradient {:g}\"];\n", i, node.label, node.value,
                        node.grad);
    for (const size_t input : node.inputs) text += fmt::format("  n{} -> n{};\n", input, i);
  }
  return text + "}\n";
}

core::Vec extent(const Graph& graph) { return {graph.columns * column_width, graph.rows * row_height}; }

void draw(const Graph& graph, core::Canvas& canvas) {
  const core::Vec size = extent(graph);
  canvas.view({0, 0, size.x, size.y}, {255, 255, 255});
  for (const Graph::Node& node : graph.nodes)
    for (const size_t input : node.inputs) {
      const core::Vec from = centre(graph, graph.nodes[input]), to = centre(graph, node);
      draw_arrow(canvas, {from.x + box_width / 2, from.y}, {to.x - box_width / 2, to.y});
    }
  for (const Graph::Node& node : graph.nodes) draw_box(canvas, centre(graph, node), node);
}

}  // namespace supervised::scratch
