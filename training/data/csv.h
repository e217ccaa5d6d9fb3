// Comma-separated tables (core/formats/csv.h) as data: some columns are inputs, one may be the class.
#pragma once

#include <string>
#include <vector>

#include "core/formats/csv.h"
#include "core/options.h"
#include "training/data/holdout.h"

namespace training::data {

struct Csv {
  std::string path, target;
  std::string separator = "comma", decimal = "point", missing = "error";
  bool header = true;
  std::vector<std::string> targets, columns;
  double test_share = 0.2;
  bool standardise = true;
  Holdout holdout;

  void fields(core::Fields& f);
  Data load() const;

 private:
  core::formats::CsvFormat format() const;
  void fill_missing(Data& data, const core::formats::CsvTable& table, const std::vector<size_t>& columns,
                    int64_t count) const;
  std::vector<size_t> input_columns(const core::formats::CsvTable& table) const;
  void set_targets(Dataset& all, const core::formats::CsvTable& table) const;
};

}  // namespace training::data
