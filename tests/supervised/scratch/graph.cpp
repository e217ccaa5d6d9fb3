// Expressions as text, and the picture of their computation graph.
#include "supervised/scratch/graph.h"

#include <fstream>
#include <iterator>

#include "render/cairo_canvas.h"
#include "supervised/scratch/expression.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::graph {

using namespace supervised::scratch;

namespace {
double value(const std::string& text, const std::map<std::string, double>& values = {}) {
  return evaluate(text, values).result.value();
}
}  // namespace

TEST_CASE("an expression is read as it is written", "[scratch]") {
  CHECK(value("1 + 2 * 3") == 7);
  CHECK(value("(1 + 2) * 3") == 9);
  CHECK(value("7 - 2 - 1") == 4);
  CHECK(value("8 / 2 / 2") == 2);
  CHECK(value("2 ^ 3 ^ 2") == 512);
  CHECK(value("-2 ^ 2") == -4);
  CHECK(value("2 * -3") == -6);
  CHECK(value("1.5e2") == 150);
  CHECK(value("a*b + a*d", {{"a", 3}, {"b", 5}, {"d", 9}}) == 42);
  CHECK(value("relu(-1) + sigmoid(0) + tanh(0) + log(exp(2))") == Approx(2.5));
}

TEST_CASE("a variable is one leaf wherever it stands", "[scratch]") {
  const Expression square = evaluate("x * x + x", {{"x", 3}});
  square.result.backward();
  CHECK(square.variables.at("x").grad() == 7);
  CHECK(graph_of(square.result).nodes.size() == 3);
}

TEST_CASE("what is no expression is refused with its column", "[scratch]") {
  const auto says = [](const std::string& text, const std::map<std::string, double>& values = {}) {
    return refusal([&] { evaluate(text, values); });
  };
  CHECK(says("1 + ").find("column 5: expected a number, a name or '(', found the end") != std::string::npos);
  CHECK(says("(1 + 2").find("expected ')'") != std::string::npos);
  CHECK(says("1 2").find("column 3: expected an operator, found '2'") != std::string::npos);
  CHECK(says("sigmoit(1)").find("did you mean 'sigmoid'") != std::string::npos);
  CHECK(says("a + b", {{"a", 1}}).find("'b' has no value, expected b=NUMBER") != std::string::npos);
  CHECK(says("a", {{"a", 1}, {"b", 1}}).find("has no 'b'") != std::string::npos);
  CHECK(says(std::string(5000, '(')).find("levels deep") != std::string::npos);
}

TEST_CASE("the graph of an expression stands in columns from its leaves to its result", "[scratch]") {
  const Expression f = evaluate("a*b + a*d", {{"a", 3}, {"b", 5}, {"d", 9}});
  f.result.backward();
  const Graph graph = graph_of(f.result);
  REQUIRE(graph.nodes.size() == 6);
  CHECK(graph.columns == 3);
  CHECK(graph.rows == 3);
  for (const Graph::Node& node : graph.nodes)
    for (const size_t input : node.inputs) CHECK(graph.nodes[input].column < node.column);
  CHECK(graph.nodes.back().label == "+");
  CHECK(graph.nodes.back().value == 42);
  CHECK(dot(graph).find("n0 [label=\"a\\nvalue 3\\ngradient 14\"];") != std::string::npos);
  CHECK(dot(graph).find("n0 -> n2;") != std::string::npos);
}

TEST_CASE("the picture shows every node once, none upon another", "[scratch]") {
  const Scratch scratch;
  const Graph graph = graph_of(evaluate("tanh(w*x + b) ^ 2 - w", {{"w", 1}, {"x", 2}, {"b", 3}}).result);
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      CHECK((graph.nodes[i].column != graph.nodes[k].column || graph.nodes[i].row != graph.nodes[k].row));
  auto canvas = render::CairoCanvas::svg(scratch / "graph.svg", 640, 240);
  draw(graph, canvas);
  canvas.finish();
  std::ifstream in(scratch / "graph.svg");
  const std::string svg(std::istreambuf_iterator<char>(in), {});
  CHECK(svg.find("<svg") != std::string::npos);
  CHECK(svg.size() > 5000);
}

}  // namespace tests::graph
