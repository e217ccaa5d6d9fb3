// From cells to tensors.
#include "training/data/csv.h"

#include <fmt/ranges.h>
#include "training/torch.h"

#include <algorithm>
#include <cmath>

#include "core/formats/csv.h"
#include "core/random.h"
#include "core/shown.h"

namespace training::data {
namespace {

using core::formats::CsvTable;

struct Numbers {
  torch::Tensor values;  // [M, C] float64
  int64_t missing = 0;   // of them NaN
};

Numbers numbers(const CsvTable& table, const std::vector<size_t>& columns, bool to_be_scaled,
                bool missing_allowed) {
  require_room(table, columns.size());
  auto values = torch::empty({int64_t(table.lines.size()), int64_t(columns.size())}, torch::kFloat64);
  const int64_t missing =
      read_numbers(table, columns, to_be_scaled, values.data_ptr<double>(), missing_allowed);
  return {values, missing};
}

// Of every column [1, C], of what is known; NaN where nothing is.
torch::Tensor known_mean(const torch::Tensor& values) {
  return values.nan_to_num(0).sum(0, true) / values.isnan().logical_not().sum(0, true);
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

void Csv::fields(core::Fields& f) {
  f.add("path", path, "The file, plain or .gz", {.path = true});
  f.choice("separator", separator, "What parts the cells of a line", {"comma", "semicolon", "tab"});
  f.choice("decimal", decimal, "Before the decimals of a number", {"point", "comma"});
  f.add("header", header, "The first line names the columns; false: they are column_1, column_2, ...");
  f.choice("missing", missing,
           "What an input is where a cell is empty, NA, N/A, NaN, null, None or ?: an error, or the mean or "
           "median of the training rows",
           {"error", "mean", "median"});
  f.add("target", target, "Column of the classes; empty: none, all columns are inputs");
  f.add("targets", targets, "Columns of numbers to be foretold instead of classes");
  f.add("columns", columns, "Columns of the inputs; []: all but those of target and targets");
  f.add("test_share", test_share,
        "Share of the rows to be tested on, drawn by `seed`, as much of every class",
        {.min = 0, .max = 0.9, .above = true});
  f.add("standardise", standardise,
        "Shift and scale every input to mean 0 and deviation 1 of the training rows");
  holdout.fields(f);
}

std::vector<size_t> Csv::input_columns(const CsvTable& table) const {
  std::vector<size_t> inputs;
  for (const auto& name : columns) inputs.push_back(column_of(table, name, "columns"));
  const auto is_target = [&](const std::string& name) {
    return name == target || std::find(targets.begin(), targets.end(), name) != targets.end();
  };
  for (size_t c = 0; columns.empty() && c < table.header.size(); ++c)
    if (!is_target(table.header[c])) inputs.push_back(c);
  core::check(!inputs.empty(), "{}: no input columns besides '{}'", table.file,
              target.empty() ? fmt::format("{}", fmt::join(targets, "', '")) : target);
  return inputs;
}

void Csv::set_targets(Dataset& all, const CsvTable& table) const {
  if (!target.empty()) {
    const size_t column = column_of(table, target, "target");
    all.classes = class_names(table, column);
    all.rows.set(column::targets, torch::tensor(class_numbers(table, column, all.classes), torch::kInt64));
  }
  std::vector<size_t> places;
  for (const auto& name : targets) places.push_back(column_of(table, name, "targets"));
  if (places.empty()) return;
  all.numbers = targets;
  all.rows.set(column::targets, numbers(table, places, false, false).values.to(torch::kFloat32));
}

core::formats::CsvFormat Csv::format() const {
  const char between = separator == "comma" ? ',' : separator == "semicolon" ? ';' : '\t';
  return {between, decimal == "comma", header};
}

// What nobody wrote down becomes what the training rows have in the mean or the middle.
void Csv::fill_missing(Data& data, const CsvTable& table, const std::vector<size_t>& columns,
                       int64_t count) const {
  if (count == 0) return;
  const torch::Tensor& rows = data.train.inputs();
  const torch::Tensor fill = missing == "mean" ? known_mean(rows) : std::get<0>(rows.nanmedian(0, true));
  for (size_t c = 0; c < columns.size(); ++c)
    core::check(std::isfinite(fill[0][int64_t(c)].item<double>()),
                "{}: column '{}': no training row has a number there", table.file, table.header[columns[c]]);
  for (Dataset* set : {&data.train, &data.valid, &data.test})
    set->rows.set(column::inputs, torch::where(set->inputs().isnan(), fill, set->inputs()));
  data.note += fmt::format("{}data: {}: {} missing value{} filled with the column's {} of the training rows",
                           data.note.empty() ? "" : "\n", table.file, count, count == 1 ? "" : "s", missing);
}

Data Csv::load() const {
  core::check(!path.empty(), "data: csv needs a path");
  core::check(target.empty() || targets.empty(),
              "data: expected target, a column of classes, or targets, "
              "columns of numbers; found both");
  const CsvTable table = core::formats::read_csv(path, format());
  Dataset all;
  set_targets(all, table);
  const std::vector<size_t> inputs = input_columns(table);
  const Numbers read = numbers(table, inputs, standardise, missing != "error");
  all.rows.set(column::inputs, read.values);
  const auto test_rows = std::max<int64_t>(1, int64_t(std::lround(test_share * double(all.size()))));
  core::check(test_rows < all.size(), "{}: {} rows cannot be split into training and test", table.file,
              all.size());
  auto [rest, test] = train_valid_split(all, test_rows, core::mix(uint64_t(holdout.seed), {"split"}));
  Data data{std::move(rest), {}, std::move(test), {}};
  data.note = table.note;
  if (target.empty() && targets.empty())
    data.no_labels = fmt::format("data.target is missing: expected the column of the classes, one of {}",
                                 core::shown_start(fmt::format("{}", fmt::join(table.header, ", ")), 400));
  holdout.take(data, table.file);
  fill_missing(data, table, inputs, read.missing);
  if (standardise) scale(data);
  for (Dataset* set : {&data.train, &data.valid, &data.test}) {
    set->rows.set(column::inputs, set->inputs().to(torch::kFloat32));
    core::check(set->inputs().isfinite().all().item<bool>(),
                "{}: a number is too far from those of the training rows to be scaled by them", table.file);
  }
  return data;
}

}  // namespace training::data
