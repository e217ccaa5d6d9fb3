// Comma-separated tables: a header row, numbers, one column of class names. Plain or .gz, as spreadsheets
// write them: a byte order mark and blanks around cells are skipped, lines end in LF, CR LF or CR.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace core::formats {

// How a spreadsheet of another country, or another program, writes the same.
struct CsvFormat {
  char separator = ',';
  bool decimal_comma = false;  // 1,5 and no longer 1.5; in quotes where commas part the cells
  bool header = true;          // false: the first line has values, and columns are called column_1, ...
};

// RFC 4180 without line breaks inside quotes. Every field knows where it stands.
struct CsvTable {
  struct Cell {
    std::string text;
    int column = 0;  // of its first character, from 1
  };
  struct Line {
    int number = 0;  // from 1
    std::vector<Cell> cells;
  };
  std::string file;
  CsvFormat format;
  std::vector<std::string> header;
  std::vector<Line> lines;  // each with as many cells as the header
  std::string note;         // what was not read as it stands

  std::string where(const Line& line, size_t cell) const;  // "x.csv:3:7: column 'age': "
};
// Errors carry file, line and column: missing file, empty, ragged line, open quote, double or empty column
// name.
CsvTable read_csv(const std::filesystem::path& file, const CsvFormat& format = {});

// The place of a column that `data.<option>` names.
size_t column_of(const CsvTable& table, const std::string& name, const char* option);
// Error unless memory has room for the numbers of so many columns.
void require_room(const CsvTable& table, size_t columns);
// Whether a cell is empty or says that nobody knows: NA, N/A, NaN, null, None, ?, in any case of letters.
bool is_missing(const std::string& cell);
// Into `out`, [lines, columns]: finite ones, in float64 until they are scaled, as large ones may differ by
// little. Those that will not be must be float32 without loss. A missing one is an Error, or NaN where
// `missing_allowed`; returns how many there are.
int64_t read_numbers(const CsvTable& table, const std::vector<size_t>& columns, bool to_be_scaled,
                     double* out, bool missing_allowed = false);
// Each once, a number in its shortest spelling: numbers alone in their own order, anything else by the
// alphabet.
std::vector<std::string> class_names(const CsvTable& table, size_t column);
// Of each line its place among `names`, which are this column's.
std::vector<int64_t> class_numbers(const CsvTable& table, size_t column,
                                   const std::vector<std::string>& names);

// Error unless it can stand in tables, pages and messages.
void check_csv_name(const std::string& name, const std::string& where);

}  // namespace core::formats
