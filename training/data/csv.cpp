// From text to cells, from cells to tensors.
#include "training/data/csv.h"

#include <fmt/ranges.h>
#include <zlib.h>
#include "training/torch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "core/memory.h"
#include "core/random.h"
#include "core/shown.h"
#include "training/data/file.h"

namespace training::data {
namespace {

namespace fs = std::filesystem;

void foresee(double bytes, const fs::path& file) {
  core::foresee_memory(bytes, fmt::format("data: {}: its text and its cells", file.string()));
}

std::string unpacked(const fs::path& file) {
  require_data(file, "a CSV file");
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
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // a byte order mark
  return text;
}

// Bytes of the blank at the beginning, if one is there: also one that does not break, U+00A0, which
// spreadsheets write.
size_t blank_length(std::string_view text) {
  if (text.starts_with(' ') || text.starts_with('\t')) return 1;
  return text.starts_with("\xC2\xA0") ? 2 : 0;
}

size_t skip_blanks(const std::string& line, size_t at) {
  while (const size_t length = blank_length(std::string_view(line).substr(at))) at += length;
  return at;
}

std::string trimmed(const std::string& text) {
  std::string inner = text.substr(skip_blanks(text, 0));
  while (inner.ends_with(' ') || inner.ends_with('\t') || inner.ends_with("\xC2\xA0"))
    inner.resize(inner.size() - (inner.ends_with("\xA0") ? 2 : 1));
  return inner;
}

// The line at `at`, which moves on to the next one: lines end in LF, CR LF or CR.
std::string take_line(const std::string& text, size_t& at) {
  const size_t begin = at, end = std::min(text.find_first_of("\r\n", at), text.size());
  at = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
  return text.substr(begin, end - begin);
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

CsvTable::Line split(const std::string& line, int number, const std::string& file) {
  CsvTable::Line cells{number, {}};
  size_t at = 0;
  while (true) {
    at = skip_blanks(line, at);
    CsvTable::Cell cell{"", int(at) + 1};
    const std::string where = file + ":" + std::to_string(number) + ":" + std::to_string(cell.column) + ": ";
    size_t end = at;
    if (at < line.size() && line[at] == '"') {
      end = skip_blanks(line, read_quoted(line, at, cell.text, where));
      core::check(end == line.size() || line[end] == ',', "{}expected a comma after the closing quote",
                  where);
    } else {
      end = std::min(line.find(',', at), line.size());
      cell.text = line.substr(at, end - at);
    }
    cell.text = trimmed(cell.text);
    cells.cells.push_back(std::move(cell));
    if (end >= line.size()) return cells;
    at = end + 1;
  }
}

std::optional<double> number(const std::string& text) {
  const char *begin = text.data() + (text.starts_with('+') ? 1 : 0), *last = text.data() + text.size();
  double value = 0;
  const auto [end, error] = std::from_chars(begin, last, value);
  if (begin == last || error != std::errc() || end != last || !std::isfinite(value)) return {};
  return value;
}

// How a number is told from others: alike for 1, +1, 01 and 1.0, without loss for the longest of ids.
std::string canonical(std::string text) {
  if (text.find_first_of("eE") != std::string::npos) return fmt::format("{}", *number(text));
  const std::string sign = text.starts_with('-') ? "-" : "";
  text.erase(0, text.find_first_not_of("+-"));
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text.empty() ? "0" : sign + text;
}

size_t column_of(const CsvTable& table, const std::string& name, const char* option) {
  const auto found = std::find(table.header.begin(), table.header.end(), name);
  core::check(found != table.header.end(), "{}: no column '{}' (data.{}){}", table.file, name, option,
              core::suggestion(name, table.header));
  return size_t(found - table.header.begin());
}

constexpr double largest_whole = 1 << 24;  // float32 holds every whole number up to it
using Float = std::numeric_limits<float>;

// Why digits are no number: they are none, or lie beyond what float64 holds.
std::string no_number(const std::string& text) {
  const char *begin = text.data() + (text.starts_with('+') ? 1 : 0), *last = text.data() + text.size();
  double value = 0;
  const auto [end, error] = std::from_chars(begin, last, value);
  if (error != std::errc::result_out_of_range || end != last) return "expected a finite number";
  const bool large = std::abs(std::strtod(begin, nullptr)) > 1;
  return large ? "the number is too large" : "the number is too small, and not 0";
}

// What is wrong with a number, or nothing. One that is not scaled is given to a learner as it stands, as
// float32.
std::string fault(const std::string& text, std::optional<double> value, bool to_be_scaled) {
  if (!value) return no_number(text);
  const double size = std::abs(*value);
  if (size > double(Float::max())) return "the number is too large: float32 ends at 3.4e38";
  if (to_be_scaled) return "";
  if (size > 0 && size < double(Float::min()))
    return "the number is too small for float32, and not 0 (data.standardise: true would scale it)";
  const bool is_rounded = std::trunc(size) == size && double(float(size)) != size;
  return size > largest_whole && is_rounded
             ? "float32 holds whole numbers up to 2^24 without loss (data.standardise: true would scale them)"
             : "";
}

void check_room(const CsvTable& table, size_t columns) {
  const double numbers = double(table.lines.size()) * double(columns);
  const std::string what =
      fmt::format("data: {}: {} rows of {} numbers", table.file, table.lines.size(), columns);
  core::foresee_memory(3 * 8 * numbers, what + ", held thrice while some are set aside,");
  core::require_memory(4 * numbers, what);
}

// In float64 until they are scaled: large ones may differ by little.
torch::Tensor numbers(const CsvTable& table, const std::vector<size_t>& columns, bool to_be_scaled) {
  check_room(table, columns.size());
  auto values = torch::empty({int64_t(table.lines.size()), int64_t(columns.size())}, torch::kFloat64);
  double* out = values.data_ptr<double>();
  for (const auto& line : table.lines)
    for (const size_t c : columns) {
      const auto value = number(line.cells[c].text);
      if (const std::string why = fault(line.cells[c].text, value, to_be_scaled); !why.empty())
        core::fail("{}{}, found '{}'", table.where(line, c), why, core::shown_start(line.cells[c].text));
      *out++ = *value;
    }
  return values;
}

bool all_numbers(const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [](auto& n) { return number(n).has_value(); });
}

// What two names of one class have in common: numbers their value.
std::string key_of(const std::string& name) { return number(name) ? canonical(name) : name; }

// As it can stand in tables, pages and messages.
void check_name(const std::string& name, const std::string& where) {
  constexpr size_t most = 200;  // bytes
  core::check(name.size() <= most, "{}expected a name of at most {} bytes, found {}: '{}'", where, most,
              name.size(), core::shown_start(name));
  core::check(!core::unprintable(name), "{}expected a name in UTF-8 without control characters, found '{}'",
              where, core::shown(name));
}

// Each once, a number in its shortest spelling: numbers alone in their own order, anything else by the
// alphabet.
std::vector<std::string> class_names(const CsvTable& table, size_t column) {
  std::map<std::string, std::string> shortest;  // by key
  for (const auto& line : table.lines) {
    const std::string& name = line.cells[column].text;
    core::check(!name.empty(), "{}expected a class, found nothing", table.where(line, column));
    if (name.size() > 20 || !shortest.contains(name)) check_name(name, table.where(line, column));
    std::string& kept = shortest.try_emplace(key_of(name), name).first->second;
    if (std::pair(name.size(), name) < std::pair(kept.size(), kept)) kept = name;
  }
  std::vector<std::string> sorted;
  for (const auto& [key, name] : shortest) sorted.push_back(name);
  if (all_numbers(sorted)) {
    const auto key = [](auto& n) { return std::pair(*number(n), canonical(n)); };
    std::sort(sorted.begin(), sorted.end(), [&](auto& a, auto& b) { return key(a) < key(b); });
  } else {
    std::sort(sorted.begin(), sorted.end());
  }
  core::check(sorted.size() >= 2 && sorted.size() <= 1000,
              "{}: column '{}' has {} different values: expected 2 .. 1000 classes", table.file,
              table.header[column], sorted.size());
  return sorted;
}

torch::Tensor class_numbers(const CsvTable& table, size_t column, const std::vector<std::string>& names) {
  std::map<std::string, int64_t> number_of;
  for (const auto& name : names) number_of.emplace(key_of(name), int64_t(number_of.size()));
  std::vector<int64_t> classes;
  for (const auto& line : table.lines) classes.push_back(number_of.at(key_of(line.cells[column].text)));
  return torch::tensor(classes, torch::kInt64);
}

// Of every column [1, C]. The square of a very small number would be 0: such columns are enlarged first.
torch::Tensor deviations(const torch::Tensor& values, const torch::Tensor& mean) {
  constexpr double small = 1e-100;
  const auto far = (values - mean).abs().amax(0, true);
  const auto unit = torch::where((far > 0).logical_and(far < small), far, torch::ones_like(far));
  return ((values - mean) / unit).std(0, false, true) * unit;
}

// By the training rows alone; a constant column becomes 0.
void scale(Data& data) {
  const auto mean = data.train.inputs().mean(0, true), deviation = deviations(data.train.inputs(), mean);
  const auto divisor = torch::where(deviation > 0, deviation, torch::ones_like(deviation));
  for (Dataset* set : {&data.train, &data.valid, &data.test})
    set->rows.set(column::inputs, (set->inputs() - mean) / divisor);
}

}  // namespace

std::string CsvTable::where(const Line& line, size_t cell) const {
  return fmt::format("{}:{}:{}: column '{}': ", file, line.number, line.cells[cell].column, header[cell]);
}

CsvTable read_csv(const fs::path& file) {
  const std::string text = unpacked(file);
  const auto ends =
      std::count_if(text.begin(), text.end(), [](char c) { return c == ',' || c == '\n' || c == '\r'; });
  foresee(1.5 * sizeof(CsvTable::Cell) * double(ends), file);  // vectors that grow have room to spare
  CsvTable table{file.string(), {}, {}};
  int line_number = 0;
  for (size_t at = 0; at < text.size();) {
    const std::string line = take_line(text, at);
    ++line_number;
    if (trimmed(line).empty()) continue;
    CsvTable::Line cells = split(line, line_number, table.file);
    if (table.header.empty())
      for (auto& cell : cells.cells) {
        const bool is_new =
            std::find(table.header.begin(), table.header.end(), cell.text) == table.header.end();
        core::check(is_new && !cell.text.empty(), "{}:{}:{}: expected a column name of its own, found '{}'",
                    table.file, line_number, cell.column, core::shown_start(cell.text));
        check_name(cell.text, fmt::format("{}:{}:{}: ", table.file, line_number, cell.column));
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
  f.add("path", path, "The file, plain or .gz", {.path = true});
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
  const CsvTable table = read_csv(path);
  std::vector<size_t> inputs;
  for (const auto& name : columns) inputs.push_back(column_of(table, name, "columns"));
  for (size_t c = 0; columns.empty() && c < table.header.size(); ++c)
    if (table.header[c] != target) inputs.push_back(c);
  core::check(!inputs.empty(), "{}: no input columns besides '{}'", table.file, target);
  Dataset all;
  if (!target.empty()) {
    const size_t column = column_of(table, target, "target");
    all.classes = class_names(table, column);
    all.rows.set(column::targets, class_numbers(table, column, all.classes));
  }
  all.rows.set(column::inputs, numbers(table, inputs, standardise));
  const auto test_rows = std::max<int64_t>(1, int64_t(std::lround(test_share * double(all.size()))));
  core::check(test_rows < all.size(), "{}: {} rows cannot be split into training and test", table.file,
              all.size());
  auto [rest, test] = train_valid_split(all, test_rows, core::mix(uint64_t(holdout.seed), {"split"}));
  Data data{std::move(rest), {}, std::move(test), {}};
  if (target.empty())
    data.unlabelled = fmt::format("data.target is missing: expected the column of the classes, one of {}",
                                  core::shown_start(fmt::format("{}", fmt::join(table.header, ", ")), 400));
  holdout.take(data, table.file);
  if (standardise) scale(data);
  for (Dataset* set : {&data.train, &data.valid, &data.test}) {
    set->rows.set(column::inputs, set->inputs().to(torch::kFloat32));
    core::check(set->inputs().isfinite().all().item<bool>(),
                "{}: a number is too far from those of the training rows to be scaled by them", table.file);
  }
  return data;
}

}  // namespace training::data
