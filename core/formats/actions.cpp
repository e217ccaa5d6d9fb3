#include "core/formats/actions.h"

#include <cmath>
#include <sstream>
#include <stdexcept>

#include "core/error.h"
#include "core/path.h"
#include "core/shown.h"

namespace core::formats {

static double action_value(const std::string& cell, bool whole) {
  size_t used = 0;
  const double value = std::stod(cell, &used);
  const bool fits = !whole || (value == std::floor(value) && std::abs(value) < 1e15);
  if (used != cell.size() || !fits) throw std::invalid_argument(cell);
  return value;
}

static std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream row(line);
  for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
  return cells;
}

ActionSequences read_actions(const std::filesystem::path& file, size_t width, bool whole) {
  constexpr uint64_t most = 1'000'000'000;  // bytes
  std::istringstream in(read_file(file, "a file of actions", most));
  ActionSequences all;
  size_t first = 0;  // the column in which actions begin
  std::string line;
  for (int64_t at = 1; std::getline(in, line); ++at) {
    const std::vector<std::string> cells = split_cells(line);
    if (at == 1 && !cells.empty() && (cells[0] == "seed" || cells[0].starts_with('a'))) {
      first = cells[0] == "seed" ? 3 : 0;
      continue;
    }
    check(cells.size() >= first + width, "{}:{}: expected {} action values", file.string(), at, width);
    if (cells[first].empty()) continue;  // the row of a reset
    std::vector<double> values;
    for (size_t k = 0; k < width; ++k) try {
        values.push_back(action_value(cells[first + k], whole));
      } catch (const std::exception&) {
        fail("{}:{}: expected {}, found '{}'", file.string(), at, whole ? "a whole number" : "a number",
             shown_start(cells[first + k]));
      }
    all[first ? cells[0] : ""].push_back(std::move(values));
  }
  check(!all.empty(), "{}: holds no actions", file.string());
  return all;
}

}  // namespace core::formats
