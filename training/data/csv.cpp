// From text to cells, from cells to tensors.
#include "training/data/csv.h"

#include <zlib.h>
#include "training/torch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <set>

#include "core/memory.h"
#include "core/random.h"

namespace training::data {
namespace {

namespace fs = std::filesystem;

void foresee(double bytes, const fs::path& file) {
  core::foresee_memory(bytes, fmt::format("data: {}: its text and its cells", file.string()));
}

std::string unpacked(const fs::path& file) {
  core::check(fs::is_regular_file(file), "{}: no such file", file.string());
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> gz(gzopen(file.c_str(), "rb"), gzclose);
  core::check(gz != nullptr, "{}: cannot be read", file.string());
  std::string text;
  std::array<char, 1 << 16> piece{};
  int n = 0;
  double foreseen = 0;  // of a .gz nobody knows how long it is
  while ((n = gzread(gz.get(), piece.data(), piece.size())) > 0) {
    const double least = std::max(double(text.size()), double(fs::file_size(file)));
    if (foreseen < least) foresee(foreseen = 2 * least, file);
    text.append(piece.data(), size_t(n));
  }
  int error = Z_OK;
  gzerror(gz.get(), &error);
  core::check(n == 0 && (error == Z_OK || error == Z_STREAM_END), "{}: truncated or damaged .gz",
              file.string());
  core::check(text.find('\0') == std::string::npos, "{}: not a text file: expected comma-separated values",
              file.string());
  return text;
}

// One quoted field beginning at `at`; returns the position behind its closing quote.
size_t read_quoted(const std::string& line, size_t at, std::string& text, const std::string& where) {
  for (size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] != '"')
      text += line[i];
    else if (i + 1 < line.size() && line[i + 1] == '"')
      text += line[++i];
    else
      return i + 1;
  }
  core::fail("{}the quote that opens here is not closed on this line", where);
}

Table::Line split(const std::string& line, int number, const std::string& file) {
  Table::Line cells{number, {}};
  size_t at = 0;
  while (true) {
    Table::Cell cell{"", int(at) + 1};
    const std::string where = file + ":" + std::to_string(number) + ":" + std::to_string(cell.column) + ": ";
    size_t end = at;
    if (at < line.size() && line[at] == '"') {
      end = read_quoted(line, at, cell.text, where);
      core::check(end == line.size() || line[end] == ',', "{}expected a comma after the closing quote",
                  where);
    } else {
      end = std::min(line.find(',', at), line.size());
      cell.text = line.substr(at, end - at);
    }
    cells.cells.push_back(std::move(cell));
    if (end >= line.size()) return cells;
    at = end + 1;
  }
}

std::optional<double> number(const std::string& text) {
  size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  if (first == std::string::npos) return {};
  if (text[first] == '+') ++first;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data() + first, text.data() + last + 1, value);
  if (error != std::errc() || end != text.data() + last + 1 || !std::isfinite(value)) return {};
  return value;
}

size_t column_of(const Table& table, const std::string& name, const char* option) {
  const auto found = std::find(table.header.begin(), table.header.end(), name);
  core::check(found != table.header.end(), "{}: no column '{}' (data.{}){}", table.file, name, option,
              core::suggestion(name, table.header));
  return size_t(found - table.header.begin());
}

torch::Tensor numbers(const Table& table, const std::vector<size_t>& columns) {
  const double bytes = 4 * double(table.lines.size()) * double(columns.size());
  const std::string what =
      fmt::format("data: {}: {} rows of {} numbers", table.file, table.lines.size(), columns.size());
  core::foresee_memory(3 * bytes, what + ", held thrice while some are set aside,");
  core::require_memory(bytes, what);
  auto values = torch::empty({int64_t(table.lines.size()), int64_t(columns.size())});
  float* out = values.data_ptr<float>();
  for (const auto& line : table.lines)
    for (const size_t c : columns) {
      const auto value = number(line.cells[c].text);
      core::check(value.has_value(), "{}expected a finite number, found '{}'", table.where(line, c),
                  line.cells[c].text);
      *out++ = float(*value);
    }
  return values;
}

// Numbers in their own order, anything else by the alphabet.
std::vector<std::string> class_names(const Table& table, size_t column) {
  std::set<std::string> names;
  for (const auto& line : table.lines) {
    core::check(!line.cells[column].text.empty(), "{}expected a class, found nothing",
                table.where(line, column));
    names.insert(line.cells[column].text);
  }
  std::vector<std::string> sorted(names.begin(), names.end());
  const bool numeric =
      std::all_of(sorted.begin(), sorted.end(), [](auto& n) { return number(n).has_value(); });
  if (numeric)
    std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return *number(a) < *number(b); });
  core::check(sorted.size() >= 2 && sorted.size() <= 1000,
              "{}: column '{}' has {} different values: expected 2 .. 1000 classes", table.file,
              table.header[column], sorted.size());
  return sorted;
}

torch::Tensor class_numbers(const Table& table, size_t column, const std::vector<std::string>& names) {
  std::map<std::string, int64_t> number_of;
  for (const auto& name : names) number_of.emplace(name, int64_t(number_of.size()));
  std::vector<int64_t> classes;
  for (const auto& line : table.lines) classes.push_back(number_of.at(line.cells[column].text));
  return torch::tensor(classes, torch::kInt64);
}

// By the training rows alone; a constant column becomes 0.
void scale(Data& data) {
  const auto mean = data.train.inputs.mean(0, true), deviation = data.train.inputs.std(0, false, true);
  const auto divisor = torch::where(deviation > 0, deviation, torch::ones_like(deviation));
  for (Dataset* set : {&data.train, &data.valid, &data.test}) set->inputs = (set->inputs - mean) / divisor;
}

}  // namespace

std::string Table::where(const Line& line, size_t cell) const {
  return fmt::format("{}:{}:{}: column '{}': ", file, line.number, line.cells[cell].column, header[cell]);
}

Table read_csv(const fs::path& file) {
  const std::string text = unpacked(file);
  const auto ends = std::count_if(text.begin(), text.end(), [](char c) { return c == ',' || c == '\n'; });
  foresee(1.5 * sizeof(Table::Cell) * double(ends), file);  // vectors that grow have room to spare
  Table table{file.string(), {}, {}};
  int line_number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    at = end + 1, ++line_number;
    if (line.empty()) continue;
    Table::Line cells = split(line, line_number, table.file);
    if (table.header.empty())
      for (auto& cell : cells.cells) {
        const bool is_new =
            std::find(table.header.begin(), table.header.end(), cell.text) == table.header.end();
        core::check(is_new && !cell.text.empty(), "{}:{}:{}: expected a column name of its own, found '{}'",
                    table.file, line_number, cell.column, cell.text);
        table.header.push_back(cell.text);
      }
    else
      table.lines.push_back(std::move(cells));
    const size_t found = table.lines.empty() ? table.header.size() : table.lines.back().cells.size();
    core::check(found == table.header.size(), "{}:{}:1: expected {} fields as in the header, found {}",
                table.file, line_number, table.header.size(), found);
  }
  core::check(!table.lines.empty(), "{}: expected a header row and at least one line of values", table.file);
  return table;
}

void Csv::fields(core::Fields& f) {
  f.add("path", path, "The file, plain or .gz");
  f.add("target", target, "Column of the classes; empty: none, all columns are inputs");
  f.add("columns", columns, "Columns of the inputs; []: all but the target");
  f.add("test_share", test_share,
        "Share of the rows to be tested on, drawn by `seed`, as much of every class",
        {.min = 0, .max = 0.9, .above = true});
  f.add("standardise", standardise,
        "Shift and scale every input to mean 0 and deviation 1 of the training rows");
  holdout.fields(f);
}

Data Csv::load() const {
  core::check(!path.empty(), "data: csv needs a path");
  const Table table = read_csv(path);
  std::vector<size_t> inputs;
  for (const auto& name : columns) inputs.push_back(column_of(table, name, "columns"));
  for (size_t c = 0; columns.empty() && c < table.header.size(); ++c)
    if (table.header[c] != target) inputs.push_back(c);
  core::check(!inputs.empty(), "{}: no input columns besides '{}'", table.file, target);
  Dataset all;
  if (!target.empty()) {
    const size_t column = column_of(table, target, "target");
    all.classes = class_names(table, column);
    all.targets = class_numbers(table, column, all.classes);
  }
  all.inputs = numbers(table, inputs);
  const auto test_rows = std::max<int64_t>(1, int64_t(std::lround(test_share * double(all.size()))));
  core::check(test_rows < all.size(), "{}: {} rows cannot be split into training and test", table.file,
              all.size());
  auto [rest, test] = set_aside(all, test_rows, core::mix(uint64_t(holdout.seed), {"split"}));
  Data data{std::move(rest), {}, std::move(test), {}};
  holdout.take(data, table.file);
  if (standardise) scale(data);
  return data;
}

}  // namespace training::data
