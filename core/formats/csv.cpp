// From bytes to cells.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string_view>

#include "core/error.h"
#include "core/formats/csv.h"
#include "core/formats/data_file.h"
#include "core/memory.h"
#include "core/shown.h"

namespace core::formats {
namespace {

namespace fs = std::filesystem;

void foresee_cells(double bytes, const fs::path& file) {
  foresee_memory(bytes, fmt::format("data: {}: its text and its cells", file.string()));
}

std::string unpacked_text(const fs::path& file) {
  require_data(file, "a CSV file");
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> gz(gzopen(file.c_str(), "rb"), gzclose);
  check(gz != nullptr, "{}: cannot be read", file.string());
  std::string text;
  std::array<char, 1 << 16> piece{};
  int n = 0;
  double foreseen = 0;  // of a .gz nobody knows how long it is
  while ((n = gzread(gz.get(), piece.data(), piece.size())) > 0) {
    const double least = std::max(double(text.size()), double(fs::file_size(file)));
    if (foreseen < least) foresee_cells(foreseen = 2 * least, file);
    text.append(piece.data(), size_t(n));
  }
  require_end(gz.get(), file);
  check(text.find('\0') == std::string::npos, "{}: not a text file: expected comma-separated values",
        file.string());
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // a byte order mark
  return text;
}

// Bytes of the blank at the beginning, if one is there: also one that does not break, U+00A0, which
// spreadsheets write. A tab is none where it parts the cells.
size_t blank_length(std::string_view text, char separator) {
  if (text.starts_with(' ') || (text.starts_with('\t') && separator != '\t')) return 1;
  return text.starts_with("\xC2\xA0") ? 2 : 0;
}

size_t skip_blanks(const std::string& line, size_t at, char separator) {
  while (const size_t length = blank_length(std::string_view(line).substr(at), separator)) at += length;
  return at;
}

std::string trimmed(const std::string& text, char separator) {
  std::string inner = text.substr(skip_blanks(text, 0, separator));
  while (inner.ends_with(' ') || (inner.ends_with('\t') && separator != '\t') || inner.ends_with("\xC2\xA0"))
    inner.resize(inner.size() - (inner.ends_with("\xA0") ? 2 : 1));
  return inner;
}

std::string called(char separator) {
  if (separator == ',') return "a comma";
  return separator == ';' ? "a semicolon" : "a tab";
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
  fail("{}the quote that opens here is not closed on this line", where);
}

CsvTable::Line split_line(const std::string& line, int number, const std::string& file, char separator) {
  CsvTable::Line cells{number, {}};
  size_t at = 0;
  while (true) {
    at = skip_blanks(line, at, separator);
    CsvTable::Cell cell{"", int(at) + 1};
    const std::string where = file + ":" + std::to_string(number) + ":" + std::to_string(cell.column) + ": ";
    size_t end = at;
    if (at < line.size() && line[at] == '"') {
      end = skip_blanks(line, read_quoted(line, at, cell.text, where), separator);
      check(end == line.size() || line[end] == separator, "{}expected {} after the closing quote", where,
            called(separator));
    } else {
      end = std::min(line.find(separator, at), line.size());
      cell.text = line.substr(at, end - at);
    }
    cell.text = trimmed(cell.text, separator);
    cells.cells.push_back(std::move(cell));
    if (end >= line.size()) return cells;
    at = end + 1;
  }
}

}  // namespace

void check_csv_name(const std::string& name, const std::string& where) {
  constexpr size_t most = 200;  // bytes
  check(name.size() <= most, "{}expected a name of at most {} bytes, found {}: '{}'", where, most,
        name.size(), shown_start(name));
  check(!unprintable(name), "{}expected a name in UTF-8 without control characters, found '{}'", where,
        shown(name));
}

std::string CsvTable::where(const Line& line, size_t cell) const {
  return fmt::format("{}:{}:{}: column '{}': ", file, line.number, line.cells[cell].column, header[cell]);
}

static void take_header(CsvTable& table, const CsvTable::Line& line) {
  const bool tabs = line.cells.size() == 1 && line.cells[0].text.find('\t') != std::string::npos;
  check(!tabs, "{}:{}:1: the header is one column with tabs in it: try data.separator: tab", table.file,
        line.number);
  std::set<std::string> names;
  for (const auto& cell : line.cells) {
    check(!cell.text.empty() && names.insert(cell.text).second,
          "{}:{}:{}: expected a column name of its own, found '{}'", table.file, line.number, cell.column,
          shown_start(cell.text));
    check_csv_name(cell.text, fmt::format("{}:{}:{}: ", table.file, line.number, cell.column));
    table.header.push_back(cell.text);
  }
}

// As many columns as the line has cells.
static void number_columns(CsvTable& table, size_t columns) {
  for (size_t c = 1; c <= columns; ++c) table.header.push_back("column_" + std::to_string(c));
}

static void take_cells(CsvTable& table, CsvTable::Line cells) {
  if (table.header.empty() && table.format.header) return take_header(table, cells);
  if (table.header.empty()) number_columns(table, cells.cells.size());
  check(cells.cells.size() == table.header.size(), "{}:{}:1: expected {} fields as in the {}, found {}",
        table.file, cells.number, table.header.size(), table.format.header ? "header" : "first line",
        cells.cells.size());
  table.lines.push_back(std::move(cells));
}

CsvTable read_csv(const fs::path& file, const CsvFormat& format) {
  const std::string text = unpacked_text(file);
  const auto ends = std::count_if(text.begin(), text.end(),
                                  [&](char c) { return c == format.separator || c == '\n' || c == '\r'; });
  foresee_cells(1.5 * sizeof(CsvTable::Cell) * double(ends), file);  // vectors that grow have room to spare
  CsvTable table{file.string(), format, {}, {}, {}};
  if (const auto returns = std::count(text.begin(), text.end(), '\r'); returns > 0)
    table.note = fmt::format("data: {}: {} line ends in CR LF or CR are read as LF", table.file, returns);
  int line_number = 0;
  for (size_t at = 0; at < text.size();) {
    const std::string line = take_line(text, at);
    ++line_number;
    if (trimmed(line, format.separator).empty()) continue;
    take_cells(table, split_line(line, line_number, table.file, format.separator));
  }
  check(!table.lines.empty(), "{}: expected {}at least one line of values", table.file,
        format.header ? "a header row and " : "");
  return table;
}

}  // namespace core::formats
