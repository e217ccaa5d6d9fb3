#include "training/data/graphs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <numbers>
#include <numeric>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/memory.h"
#include "core/random.h"
#include "training/data/loader.h"
#include "training/data/sequences.h"

namespace training::data {

namespace fs = std::filesystem;

namespace {

// Of each member of the club those later ones whom he knows, from 1 on, as Zachary numbered them.
constexpr std::array acquaintances{"2 3 4 5 6 7 8 9 11 12 13 14 18 20 22 32",
                                   "3 4 8 14 18 20 22 31",
                                   "4 8 9 10 14 28 29 33",
                                   "8 13 14",
                                   "7 11",
                                   "7 11 17",
                                   "17",
                                   "",
                                   "31 33 34",
                                   "34",
                                   "",
                                   "",
                                   "",
                                   "34",
                                   "33 34",
                                   "33 34",
                                   "",
                                   "",
                                   "33 34",
                                   "34",
                                   "33 34",
                                   "",
                                   "33 34",
                                   "26 28 30 33 34",
                                   "26 28 32",
                                   "32",
                                   "30 34",
                                   "34",
                                   "32 34",
                                   "33 34",
                                   "33 34",
                                   "33 34",
                                   "34",
                                   ""};
constexpr const char* with_the_teacher = "1 2 3 4 5 6 7 8 9 11 12 13 14 17 18 20 22";

std::vector<int64_t> members_in(const char* text) {
  std::istringstream numbers(text);
  std::vector<int64_t> members;
  for (int64_t member; numbers >> member;) members.push_back(member - 1);
  return members;
}

// Of each of two classes half of so many nodes, those with most neighbours.
std::vector<int64_t> best_known(const Graph& graph, int64_t count) {
  std::vector<int64_t> degrees(graph.classes.size()), order(graph.classes.size()), taken(2), chosen;
  for (const auto& [a, b] : graph.edges) ++degrees[size_t(a)], ++degrees[size_t(b)];
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return degrees[size_t(a)] > degrees[size_t(b)]; });
  for (const int64_t node : order)
    if (taken[size_t(graph.classes[size_t(node)])]++ < count / 2) chosen.push_back(node);
  return chosen;
}

// Two of a normal distribution for two uniform ones (Box & Muller 1958); one is enough here.
double drawn_normal(core::Pcg64& random) {
  const double radius = std::sqrt(-2 * std::log1p(-random.random()));
  return radius * std::cos(2 * std::numbers::pi * random.random());
}

// Both ends of each edge, node by node.
void set_neighbours(Batch& rows, const Graph& graph) {
  const int64_t N = graph.features.size(0);
  std::vector<std::vector<int64_t>> neighbours(static_cast<size_t>(N));
  for (const auto& [a, b] : graph.edges) {
    neighbours[size_t(a)].push_back(b);
    neighbours[size_t(b)].push_back(a);
  }
  std::vector<int64_t> all, offsets{0};
  for (const auto& own : neighbours) {
    all.insert(all.end(), own.begin(), own.end());
    offsets.push_back(std::ssize(all));
  }
  rows.set(column_of_nodes::neighbours, torch::tensor(all, torch::kInt64),
           torch::tensor(offsets, torch::kInt64));
}

Dataset nodes_of(const Graph& graph, const std::vector<int64_t>& told) {
  std::vector<int64_t> classes(graph.classes.size(), ignored);
  for (const int64_t node : told) classes[size_t(node)] = graph.classes[size_t(node)];
  Batch rows(graph.features);
  set_neighbours(rows, graph);
  rows.set(column_of_nodes::classes, torch::tensor(classes, torch::kInt64));
  return Dataset(rows, graph.class_names);
}

// The words of a line, which are two.
std::pair<std::string, std::string> two_words(const std::string& line, const std::string& where) {
  std::istringstream words(line);
  std::pair<std::string, std::string> two;
  std::string more;
  core::check(bool(words >> two.first >> two.second) && !(words >> more),
              "{}: expected two words, found '{}'", where, line);
  return two;
}

// Calls read(first, second, where) for each line that is not empty.
template <class Read>
void each_line(const std::string& file, const std::string& what, Read&& read) {
  core::formats::require_data(file, what);
  std::ifstream lines(file);
  std::string line;
  for (int64_t number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = fmt::format("data: {}:{}", file, number);
    const auto [first, second] = two_words(line, where);
    read(first, second, where);
  }
}

Graph read_graph(const std::string& nodes, const std::string& edges) {
  Graph graph;
  std::map<std::string, int64_t> numbers, classes;
  each_line(nodes, "a file of nodes",
            [&](const std::string& name, const std::string& kind, const std::string& where) {
              core::check(numbers.emplace(name, std::ssize(graph.classes)).second,
                          "{}: node '{}' a second time", where, name);
              const auto [found, fresh] = classes.emplace(kind, std::ssize(graph.class_names));
              if (fresh) graph.class_names.push_back(kind);
              graph.classes.push_back(found->second);
            });
  core::check(!numbers.empty(), "data: {}: expected a line for each node, its name and its class, found none",
              nodes);
  std::set<std::pair<int64_t, int64_t>> known;
  each_line(edges, "a file of edges",
            [&](const std::string& a, const std::string& b, const std::string& where) {
              for (const std::string& end : {a, b})
                core::check(numbers.count(end) > 0, "{}: an edge to '{}', which is no node of {}", where, end,
                            nodes);
              core::check(a != b, "{}: an edge from '{}' to itself", where, a);
              const std::pair edge = std::minmax(numbers[a], numbers[b]);
              if (known.insert(edge).second) graph.edges.emplace_back(edge);
            });
  core::require_memory(4 * double(numbers.size()) * double(numbers.size()), "data: which node each is");
  graph.features = torch::eye(std::ssize(graph.classes));
  return graph;
}

}  // namespace

void ToldNodes::fields(core::Fields& f) {
  f.add("told", labelled, "Nodes of each class whose class is told to learn from", {.min = 1, .max = 1e6});
  f.add("valid", valid, "Nodes of each class to choose by; those left over are the test",
        {.min = 1, .max = 1e6});
  f.add("seed", seed, "Of which these are, and of what is drawn", {.min = 0});
}

Data ToldNodes::parts(const Graph& graph) const {
  const torch::Tensor drawn = shuffled(std::ssize(graph.classes), core::mix(uint64_t(seed), {"told"}));
  std::vector<int64_t> order = graph.first;
  const std::set<int64_t> first(order.begin(), order.end());
  for (int64_t i = 0; i < drawn.size(0); ++i)
    if (const auto node = drawn[i].item<int64_t>(); !first.contains(node)) order.push_back(node);
  std::vector<int64_t> seen(graph.class_names.size()), learned, chosen_by, tested;
  for (const int64_t node : order) {
    const int64_t before = seen[size_t(graph.classes[size_t(node)])]++;
    (before < labelled ? learned : before < labelled + valid ? chosen_by : tested).push_back(node);
  }
  for (size_t k = 0; k < seen.size(); ++k)
    core::check(seen[k] > labelled + valid,
                "data.told, data.valid: class '{}' has {} nodes; expected more than the {} and {} to learn "
                "from and to "
                "choose by",
                graph.class_names[k], seen[k], labelled, valid);
  return {nodes_of(graph, learned), nodes_of(graph, chosen_by), nodes_of(graph, tested), {}};
}

Data Karate::load() const {
  Graph graph{torch::eye(34), {}, {}, {"teacher", "administrator"}};
  graph.classes.assign(acquaintances.size(), 1);
  for (const int64_t member : members_in(with_the_teacher)) graph.classes[size_t(member)] = 0;
  for (size_t member = 0; member < acquaintances.size(); ++member)
    for (const int64_t other : members_in(acquaintances[member]))
      graph.edges.emplace_back(int64_t(member), other);
  graph.first = best_known(graph, 2 * told.labelled);
  return told.parts(graph);
}

void Blocks::fields(core::Fields& f) {
  f.add("classes", classes, "Blocks of nodes", {.min = 2, .max = 100});
  f.add("nodes", nodes, "Nodes of each block", {.min = 3, .max = 100000});
  f.add("features", features, "Numbers that each node has of its own, at least one for each class",
        {.min = 2, .max = 10000});
  f.add("within", within, "Probability that two nodes of a block are neighbours", {.min = 0, .max = 1});
  f.add("between", between, "The same of two nodes of different blocks", {.min = 0, .max = 1});
  f.add("signal", signal, "How far a class's own number lies above the others, in standard deviations",
        {.min = 0, .max = 100});
  told.fields(f);
}

Data Blocks::load() const {
  core::check(features >= classes, "data.features: expected at least one for each of {} classes, found {}",
              classes, features);
  const int64_t N = classes * nodes;
  core::require_memory(
      3 * (4 * double(N) * double(features) + 16 * double(N) * double(N) * std::max(within, between)),
      "data: a graph of blocks");
  core::Pcg64 random(core::mix(uint64_t(told.seed), {"blocks"}));
  Graph graph{torch::zeros({N, features}), {}, {}, {}};
  float* feature = graph.features.data_ptr<float>();
  for (int64_t i = 0; i < N; ++i) {
    graph.classes.push_back(i / nodes);
    for (int64_t k = 0; k < features; ++k)
      *feature++ = float(drawn_normal(random) + (k == i / nodes ? signal : 0));
    for (int64_t j = 0; j < i; ++j)
      if (random.random() < (i / nodes == j / nodes ? within : between)) graph.edges.emplace_back(j, i);
  }
  for (int64_t k = 0; k < classes; ++k) graph.class_names.push_back(fmt::format("block {}", k + 1));
  return told.parts(graph);
}

void GraphFiles::fields(core::Fields& f) {
  f.add("nodes", nodes, "File with a line for each node: its name and its class", {.path = true});
  f.add("edges", edges, "File with a line for each edge: the names of two nodes", {.path = true});
  told.fields(f);
}

Data GraphFiles::load() const {
  core::check(!nodes.empty() && !edges.empty(), "data: graph needs data.nodes and data.edges, two files");
  return told.parts(read_graph(nodes, edges));
}

}  // namespace training::data
