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

torch::Tensor numbers(const CsvTable& table, const std::vector<size_t>& columns, bool to_be_scaled) {
  require_room(table, columns.size());
  auto values = torch::empty({int64_t(table.lines.size()), int64_t(columns.size())}, torch::kFloat64);
  read_numbers(table, columns, to_be_scaled, values.data_ptr<double>());
  return values;
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
  all.rows.set(column::targets, numbers(table, places, false).to(torch::kFloat32));
}

Data Csv::load() const {
  core::check(!path.empty(), "data: csv needs a path");
  core::check(target.empty() || targets.empty(),
              "data: expected target, a column of classes, or targets, "
              "columns of numbers; found both");
  const CsvTable table = core::formats::read_csv(path);
  Dataset all;
  set_targets(all, table);
  all.rows.set(column::inputs, numbers(table, input_columns(table), standardise));
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
  if (standardise) scale(data);
  for (Dataset* set : {&data.train, &data.valid, &data.test}) {
    set->rows.set(column::inputs, set->inputs().to(torch::kFloat32));
    core::check(set->inputs().isfinite().all().item<bool>(),
                "{}: a number is too far from those of the training rows to be scaled by them", table.file);
  }
  return data;
}

}  // namespace training::data
