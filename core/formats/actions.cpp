#include "core/formats/actions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "core/error.h"
#include "core/path.h"
#include "core/shown.h"

namespace core::formats {

static double action_value(const std::string& cell, bool whole) {
  const char *first = cell.data() + std::min(cell.find_first_not_of(' '), cell.size()),
             *last = cell.data() + cell.size();
  double value = 0;
  const auto [end, error] = std::from_chars(first, last, value);
  const bool fits = !whole || (value == std::floor(value) && std::abs(value) < 1e15);
  if (error != std::errc() || end != last || !fits) throw std::invalid_argument(cell);
  return value;
}

static std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream row(line);
  for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
  return cells;
}

// Those of `atelier env --csv`: "action" alone, or a0, a1, ...
static size_t action_columns(const std::vector<std::string>& header, size_t first) {
  size_t count = 0;
  for (size_t k = first; k < header.size(); ++k)
    if (header[k] == "action" || header[k] == fmt::format("a{}", count)) ++count;
  return count;
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
      const size_t columns = action_columns(cells, first);
      check(columns == width || first == 0, "{}:1: has {} columns of actions, expected {}", file.string(),
            columns, width);
      continue;
    }
    const bool fits = first > 0 ? cells.size() >= first + width : cells.size() == width;
    check(fits, "{}:{}: expected {} action value{}, found {}", file.string(), at, width,
          width == 1 ? "" : "s", std::max<size_t>(cells.size(), first) - first);
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
