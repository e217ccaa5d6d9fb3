// One group of metrics in run.h5 (docs/run-file.md): a row for each step at which any of them was logged, a
// column for each of them.
#pragma once

#include <array>
#include <bit>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/compressed_table.h"

namespace core {

// One logged value and where training stood.
struct Row {
  int64_t step = 0, env_steps = 0, samples = 0;
  double wall_s = 0, value = 0;
};

// Many, which are not copied out of their columns: millions of them are looked through in a moment.
class Rows {
 public:
  static constexpr size_t columns = 5;  // as Row's

  explicit Rows(const std::array<std::span<const uint64_t>, columns>& bits) : bits_(bits) {}
  size_t size() const { return bits_[0].size(); }
  Row operator[](size_t i) const { return {whole(0, i), whole(1, i), whole(2, i), real(3, i), real(4, i)}; }
  Row back() const { return (*this)[size() - 1]; }

 private:
  int64_t whole(size_t column, size_t i) const { return static_cast<int64_t>(bits_[column][i]); }
  double real(size_t column, size_t i) const { return std::bit_cast<double>(bits_[column][i]); }

  std::array<std::span<const uint64_t>, columns> bits_;
};
using Visit = std::function<void(const std::string& metric, const Rows&)>;

// A metric, declared before the first step so that every table exists from the start.
struct Metric {
  std::string name;  // "group/name", e.g. "eval/return_greedy"
  std::string unit;
  std::string sentence;
  bool wall_clock = false;  // differs between equal runs: `diff` passes over it
};

// Groups of a layer's metrics begin so: "layer.net.hidden_1/output_mean".
inline constexpr const char* layer_prefix = "layer.";
// Of the shares of a histogram: numbers for a picture, no curves.
bool is_histogram(const std::string& metric);

// "eval" of "eval/return_greedy", and what follows.
std::string group_of(const std::string& metric);
std::string column_of(const std::string& metric);

class MetricTable {
 public:
  // A new one of these metrics, all of one group, in this order: equal columns are best neighbours.
  MetricTable(h5::File& file, const std::vector<Metric>& metrics);
  // One that is there already: of its rows not after `step` the first `most`.
  MetricTable(h5::File& file, const std::string& group, int64_t step, int64_t most);

  const std::vector<std::string>& names() const { return names_; }  // of the metrics' columns, by number
  // A step that does not exceed the column's last one, our own fault, is an Error: readers would pass over
  // the row.
  void put(size_t column, const Row& row);
  int64_t rows() const { return static_cast<int64_t>(table_.rows()); }
  void write() { table_.write(); }
  void clear();  // no rows any more
  void seal() { table_.seal(); }

 private:
  bool is_next(uint64_t step, int64_t end) const;

  std::vector<std::string> names_;   // of the metrics' columns
  std::vector<int64_t> last_steps_;  // of each
  int64_t last_step_ = 0;            // of all
  h5::CompressedTable table_;
};

// All rows of a group, out of their file.
class GroupRows {
 public:
  GroupRows(std::vector<std::string> metrics, std::vector<h5::Cells> cells)
      : metrics_(std::move(metrics)), cells_(std::move(cells)) {}
  void each(const Visit& visit) const;  // every metric that has some

 private:
  std::vector<std::string> metrics_;  // of the columns behind those that each table has
  std::vector<h5::Cells> cells_;
};

// Reads such a table.
class MetricColumns {
 public:
  // What is in the file at that moment: `file` must outlive it.
  MetricColumns(const h5::File& file, const std::string& group);
  std::vector<Metric> metrics() const;  // alphabetical
  // Rows of one metric, up to a torn tail: the first row whose step does not exceed the one before. Empty
  // when absent.
  std::vector<Row> rows(const std::string& metric) const;
  std::optional<Row> last_row(const std::string& metric) const;
  GroupRows whole() const;  // decompressed in one go

 private:
  std::optional<size_t> number_of(const std::string& metric) const;
  int64_t last_compressed_step() const;  // 0: there is none

  const h5::File& file_;
  std::string group_;
  h5::CompressedColumns table_;
};

}  // namespace core
