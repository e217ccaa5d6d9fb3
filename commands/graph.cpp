#include "commands/graph.h"

#include <charconv>
#include <cmath>
#include <iostream>

#include "core/error.h"
#include "core/path.h"
#include "core/whole_file.h"
#include "render/cairo_canvas.h"
#include "supervised/scratch/expression.h"
#include "supervised/scratch/graph.h"

namespace commands {

namespace scratch = supervised::scratch;

static std::map<std::string, double> values_of(const std::vector<std::string>& assignments) {
  std::map<std::string, double> values;
  for (const std::string& assignment : assignments) {
    const size_t equals = std::min(assignment.find('='), assignment.size());
    const char *first = assignment.data() + equals + 1, *last = assignment.data() + assignment.size();
    double value = 0;
    const bool is_number = first < last && std::from_chars(first, last, value).ptr == last;
    core::check(equals > 0 && is_number, "expected NAME=NUMBER, found '{}'", assignment);
    values[assignment.substr(0, equals)] = value;
  }
  return values;
}

// A NaN's sign says nothing.
static double unsigned_nan(double x) { return std::isnan(x) ? std::fabs(x) : x; }

static void save(const scratch::Graph& graph, const std::filesystem::path& file) {
  if (core::ending(file) == ".dot") {
    core::WholeFile written(file);
    written.out() << scratch::dot(graph);
    return written.keep();
  }
  constexpr double pixels = 32, largest = 16384;  // of a world unit; of a picture
  const core::Vec size = scratch::extent(graph);
  const double scale = std::min(pixels, largest / std::max(size.x, size.y));
  auto canvas = render::CairoCanvas::for_file(file, static_cast<int>(std::ceil(size.x * scale)),
                                              static_cast<int>(std::ceil(size.y * scale)));
  scratch::draw(graph, canvas);
  canvas.finish();
}

int graph(const GraphCommand& command) {
  const std::string ending = core::ending(command.out);
  core::check(
      command.out.empty() || ending == ".dot" || ending == ".svg" || ending == ".png" || ending == ".pdf",
      "--out {}: expected an ending .svg, .png, .pdf or .dot", command.out);
  const scratch::Expression expression = scratch::evaluate(command.expression, values_of(command.values));
  expression.result.backward();
  std::cout << fmt::format("value = {}\n", unsigned_nan(expression.result.value()));
  for (const auto& [name, variable] : expression.variables)
    std::cout << fmt::format("d/d{} = {}\n", name, unsigned_nan(variable.grad()));
  if (!command.out.empty()) save(scratch::graph_of(expression.result), command.out);
  return 0;
}

}  // namespace commands
