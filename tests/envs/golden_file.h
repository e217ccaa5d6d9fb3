// One recorded file: a CSV, plain or gzip, with the JSON beside it that says of which environment it is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/value.h"
#include "envs/all.h"

namespace tests {

struct GoldenFile {
  std::string name;  // without .csv or .csv.gz
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  core::Value options;  // of NAME.json; empty map without one
  std::string id;       // of NAME.json; "" without one

  size_t column(const std::string& wanted) const;  // fails on an absent one
  bool has(const std::string& wanted) const;
  size_t count(const std::string& prefix) const;  // columns prefix0, prefix1, ...
  double number(size_t row, const std::string& wanted) const;
  const std::string& text(size_t row, const std::string& wanted) const { return rows[row][column(wanted)]; }
  std::vector<double> numbers(size_t row, const std::string& prefix) const;  // prefix0, prefix1, ...
  std::string where(size_t row) const;                                       // "cartpole_v1.csv line 7"
  // The action columns: `action`, or a0, a1, ...
  std::vector<double> action(size_t row) const;
  // The environment's row of the table with the options of NAME.json; makes an exact one.
  envs::Entry::Factory factory(const envs::Entry& entry) const;
};

// Every file of the folder that ATELIER_GOLDEN names, else of tests/golden, in alphabetical order.
std::vector<std::filesystem::path> golden_paths();
GoldenFile load_golden(const std::filesystem::path& path);  // fails on one without rows
// The file of the same folder whose name ends in `ending` where this one's ends otherwise:
// lunarlander_v3_steps and "initial" give lunarlander_v3_initial.
GoldenFile load_beside(const GoldenFile& file, const std::string& ending);
// "seeded_frozenlake8x8_v1" and "FrozenLake8x8-v1" have the same letters and digits.
std::string letters(const std::string& name);

}  // namespace tests
