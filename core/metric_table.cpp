#include "core/metric_table.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace core {

using h5::Cells;

// A cell without a value: the NaN whose low word is 1954, as in R. Any other NaN was logged.
static constexpr uint64_t nothing = 0x7FF80000000007A2;
static constexpr size_t places = 4;  // columns before the metrics': step, env_steps, samples, wall_s
// Rows of a chunk where each step may have one, and elsewhere. The newest rows take as much room.
// A layer's have many columns.
static constexpr hsize_t many = 4000, few = 512, layers = 64;
static constexpr double ticks_per_s = 1024;  // of wall_s: finer digits are noise, which does not compress

std::string group_of(const std::string& metric) { return metric.substr(0, metric.find('/')); }
std::string column_of(const std::string& metric) { return metric.substr(metric.find('/') + 1); }

bool is_histogram(const std::string& metric) {
  return metric.starts_with(layer_prefix) && metric.find("_share_") != std::string::npos;
}

static hsize_t chunk_of(const std::string& group) {
  if (group.starts_with(layer_prefix)) return layers;
  return group == "train" ? many : few;
}

static h5::TablePaths paths_of(const std::string& group) { return {"/metrics/" + group, "/newest/" + group}; }

static std::vector<h5::Column> columns_of(const std::vector<std::string>& names) {
  std::vector<h5::Column> columns{
      {"step", false}, {"env_steps", false}, {"samples", false}, {"wall_s", true}};
  for (const std::string& name : names) {
    const auto same = [&](const h5::Column& column) { return column.name == name; };
    check(std::none_of(columns.begin(), columns.end(), same),
          "metric '{}' is registered twice, or called like a column that each table has", name);
    columns.push_back({name, true});
  }
  return columns;
}

MetricTable::MetricTable(h5::File& file, const std::vector<Metric>& metrics) {
  const std::string group = group_of(metrics.at(0).name);
  const h5::TablePaths paths = paths_of(group);
  for (const Metric& metric : metrics) names_.push_back(column_of(metric.name));
  last_steps_.assign(names_.size(), 0);
  table_ = h5::CompressedTable(file, paths, columns_of(names_), chunk_of(group));
  for (const Metric& metric : metrics) {
    const std::string column = column_of(metric.name);
    file.set(paths.rows, column + ".unit", metric.unit);
    file.set(paths.rows, column + ".sentence", metric.sentence);
    file.set(paths.rows, column + ".wall_clock", int64_t{metric.wall_clock});
  }
}

MetricTable::MetricTable(h5::File& file, const std::string& group, int64_t step, int64_t most) {
  hsize_t compressed = 0;
  std::vector<size_t> every;
  std::vector<Cells> newest;
  {
    const h5::CompressedColumns held(file, paths_of(group));
    for (size_t k = places; k < held.columns().size(); ++k) names_.push_back(held.columns()[k].name);
    every.resize(held.columns().size());
    std::iota(every.begin(), every.end(), size_t{0});
    const Cells steps = held.read({0}, 0, held.rows())[0];
    const auto end = static_cast<size_t>(std::min<int64_t>(std::ssize(steps), most));
    for (; compressed < end && is_next(steps[compressed], step); ++compressed)
      last_step_ = static_cast<int64_t>(steps[compressed]);
    newest = held.newest(every);
  }
  table_ = h5::CompressedTable(file, paths_of(group), compressed);
  for (size_t i = 0; i < newest[0].size() && rows() < most; ++i) {
    if (!is_next(newest[0][i], step)) continue;
    uint64_t* cells = table_.begin_row();
    for (const size_t k : every) cells[k] = newest[k][i];
    last_step_ = static_cast<int64_t>(newest[0][i]);
  }
  table_.settle();
  last_steps_.assign(names_.size(), last_step_);
}

// Whether a row of this step follows the last one and is not after the end.
bool MetricTable::is_next(uint64_t step, int64_t end) const {
  const auto number = static_cast<int64_t>(step);
  return number > last_step_ && number <= end;
}

void MetricTable::clear() {
  table_.clear();
  last_step_ = 0;
  last_steps_.assign(names_.size(), 0);
}

void MetricTable::put(size_t column, const Row& row) {
  const int64_t last = std::max(last_steps_[column], row.step < last_step_ ? last_step_ : 0);
  check(row.step > last, "metric '{}' was logged at step {} after step {}", names_[column], row.step, last);
  if (row.step > last_step_) {
    uint64_t* cells = table_.begin_row();
    cells[0] = static_cast<uint64_t>(row.step);
    cells[1] = static_cast<uint64_t>(row.env_steps);
    cells[2] = static_cast<uint64_t>(row.samples);
    cells[3] = std::bit_cast<uint64_t>(std::floor(row.wall_s * ticks_per_s) / ticks_per_s);
    std::fill_n(cells + places, names_.size(), nothing);
  }
  last_steps_[column] = last_step_ = row.step;
  table_.last()[places + column] = std::bit_cast<uint64_t>(row.value);
  table_.changed();
}

MetricColumns::MetricColumns(const h5::File& file, const std::string& group)
    : file_(file), group_(group), table_(file, paths_of(group)) {}

std::vector<Metric> MetricColumns::metrics() const {
  const std::string path = paths_of(group_).rows;
  std::vector<Metric> metrics;
  for (size_t k = places; k < table_.columns().size(); ++k) {
    const std::string& name = table_.columns()[k].name;
    metrics.push_back({group_ + "/" + name, file_.text(path, name + ".unit"),
                       file_.text(path, name + ".sentence"), file_.number(path, name + ".wall_clock") != 0});
  }
  std::sort(metrics.begin(), metrics.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return metrics;
}

std::optional<size_t> MetricColumns::number_of(const std::string& metric) const {
  for (size_t k = places; k < table_.columns().size(); ++k)
    if (table_.columns()[k].name == column_of(metric)) return k;
  return std::nullopt;
}

// Those that have a value. A row whose step does not exceed those before is none: it was not written, or is
// an older one in the place of the newest.
static std::vector<Row> assembled(const std::vector<Cells>& place, const Cells& values, int64_t last = 0) {
  std::vector<Row> rows;
  rows.reserve(values.size() - static_cast<size_t>(std::count(values.begin(), values.end(), nothing)));
  const auto whole = [&](size_t k, size_t i) { return static_cast<int64_t>(place[k][i]); };
  for (size_t i = 0; i < values.size(); ++i) {
    if (whole(0, i) <= last) continue;
    last = whole(0, i);
    if (values[i] != nothing)
      rows.push_back({last, whole(1, i), whole(2, i), std::bit_cast<double>(place[3][i]),
                      std::bit_cast<double>(values[i])});
  }
  return rows;
}

std::vector<Row> MetricColumns::rows(const std::string& metric) const {
  const auto number = number_of(metric);
  if (!number) return {};
  const std::vector<Cells> cells = table_.all({0, 1, 2, 3, *number});
  return assembled(cells, cells[places]);
}

// The newest rows first, then backwards, chunk by chunk; where one is torn, among all.
std::optional<Row> MetricColumns::last_row(const std::string& metric) const {
  const auto number = number_of(metric);
  if (!number) return std::nullopt;
  const std::vector<size_t> which{0, 1, 2, 3, *number};
  std::vector<Cells> cells = table_.newest(which);
  const int64_t compressed = last_compressed_step();
  std::vector<Row> some = assembled(cells, cells[places], compressed);
  bool torn = compressed == 0 && table_.rows() > 0;
  for (hsize_t end = table_.rows(), first = 0; !torn && some.empty() && end > 0; end = first) {
    first = (end - 1) / table_.chunk_rows() * table_.chunk_rows();
    cells = table_.read(which, first, end - first);
    torn = cells[0].back() == 0;
    some = assembled(cells, cells[places]);
  }
  if (torn) some = rows(metric);
  return some.empty() ? std::nullopt : std::optional<Row>(some.back());
}

int64_t MetricColumns::last_compressed_step() const {
  if (table_.rows() == 0) return 0;
  const hsize_t first = (table_.rows() - 1) / table_.chunk_rows() * table_.chunk_rows();
  return static_cast<int64_t>(table_.read({0}, first, table_.rows() - first)[0].back());
}

// As in assembled(), of all columns.
static void drop_torn(std::vector<Cells>& cells) {
  size_t kept = 0;
  int64_t last = 0;
  for (size_t i = 0; i < cells[0].size(); ++i) {
    if (static_cast<int64_t>(cells[0][i]) <= last) continue;
    last = static_cast<int64_t>(cells[0][i]);
    if (kept < i)
      for (Cells& column : cells) column[kept] = column[i];
    ++kept;
  }
  for (Cells& column : cells) column.resize(kept);
}

// Its cells without those of rows in which `values` has none.
static Cells valued(const Cells& column, const Cells& values) {
  Cells some;
  some.reserve(column.size());
  for (size_t i = 0; i < column.size(); ++i)
    if (values[i] != nothing) some.push_back(column[i]);
  return some;
}

GroupRows MetricColumns::whole() const {
  std::vector<size_t> all(table_.columns().size());
  std::iota(all.begin(), all.end(), size_t{0});
  std::vector<Cells> cells = table_.all(all);
  drop_torn(cells);
  std::vector<std::string> metrics;
  for (size_t k = places; k < all.size(); ++k) metrics.push_back(group_ + "/" + table_.columns()[k].name);
  return {std::move(metrics), std::move(cells)};
}

void GroupRows::each(const Visit& visit) const {
  for (size_t k = 0; k < metrics_.size(); ++k) {
    const Cells& values = cells_[places + k];
    const std::array<const Cells*, Rows::columns> from{&cells_[0], &cells_[1], &cells_[2], &cells_[3],
                                                       &values};
    const auto rows = [&](const auto& of) { return Rows({of(0), of(1), of(2), of(3), of(4)}); };
    const auto absent = std::count(values.begin(), values.end(), nothing);
    if (absent == 0 && !values.empty()) {
      visit(metrics_[k], rows([&](size_t c) { return std::span(*from[c]); }));
    } else if (absent < std::ssize(values)) {
      std::array<Cells, Rows::columns> some;
      for (size_t c = 0; c < some.size(); ++c) some[c] = valued(*from[c], values);
      visit(metrics_[k], rows([&](size_t c) { return std::span(std::as_const(some[c])); }));
    }
  }
}

}  // namespace core
