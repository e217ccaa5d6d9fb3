// Comma-separated tables: a header row, numbers, one column of class names. Plain or .gz, as spreadsheets
// write them: a byte order mark and blanks around cells are skipped, lines end in LF, CR LF or CR.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

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
  std::vector<std::string> header;
  std::vector<Line> lines;  // each with as many cells as the header

  std::string where(const Line& line, size_t cell) const;  // "x.csv:3:7: column 'age': "
};
// Errors carry file, line and column: missing file, empty, ragged line, open quote, double or empty column
// name.
CsvTable read_csv(const std::filesystem::path& file);

struct Csv {
  std::string path, target;
  std::vector<std::string> columns;
  double test_share = 0.2;
  bool standardise = true;
  Holdout holdout;

  void fields(core::Fields& f);
  Data load() const;
};

}  // namespace training::data
