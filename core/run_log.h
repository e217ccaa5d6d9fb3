// run.h5: what a run was told, did and saw. docs/run-file.md fixes the layout; this file is the only one that
// knows it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/hdf5.h"
#include "core/metric_table.h"
#include "core/picture.h"

namespace core {

inline constexpr int64_t run_format_version = 2;

using Attributes = std::vector<std::pair<std::string, std::string>>;  // root attributes, text

class RunLog {
 public:
  // A new run.h5 in `folder` with status "running"; the tables of all metrics are made at once.
  static RunLog create(const std::filesystem::path& folder, const Attributes& attributes,
                       const std::string& config_yaml, const std::vector<Metric>& metrics);
  // Rows of each table and pictures of each film, by name.
  using Extent = std::map<std::string, int64_t>;
  Extent extent() const;
  // An existing one, its tables and pictures cut back to rows with step <= `step`, and to as many as are
  // `known`: a table of which nothing is said is not, a film of which nothing is said had not begun. Status
  // "running" again. Error where it is of an older format.
  static RunLog reopen(const std::filesystem::path& folder, int64_t step, const Extent& known = {});
  static void check_resumable(
      const std::filesystem::path& folder);  // that Error, before anything else is done

  // The table of metrics, of one group, that are known only once the run has begun, such as a layer's.
  void declare(const std::vector<Metric>& metrics);
  bool has(const std::string& metric) const { return columns_.contains(metric); }
  // Our own faults, an unregistered name or a step that does not exceed the metric's last one, are Errors:
  // readers would take such a row for a torn tail.
  void log(const std::string& metric, const Row& row);
  bool knows(const std::string& metric) const { return columns_.contains(metric); }
  void picture(const std::string& name, const std::string& kind, const std::string& sentence, int64_t step,
               const Image& image);
  void set(const std::string& attribute, const std::string& text) { file_.set("/", attribute, text); }
  void forget(const std::string& group);   // all rows of its metrics
  void config(const std::string& yaml);    // replaces /config (a resume with a longer budget)
  void finish(const std::string& status);  // the last words: flushed, every row packed
  // Whether somebody has deleted the file meanwhile; then it is there again with all that it held. Error
  // where it cannot be.
  bool put_back();
  void flush();  // rows to the file, heartbeat, cpu_s and wall_s, the file to the disk's cache

 private:
  void put_down();  // into the file, which is not flushed
  explicit RunLog(h5::File file) : file_(std::move(file)) {}
  // A file that has every table and no row yet, and is closed.
  static void begin(const std::filesystem::path& file, const Attributes& attributes,
                    const std::string& config_yaml, const std::vector<Metric>& metrics);
  void close();
  struct Film {
    h5::ResizableDataset frames, steps;
    std::vector<hsize_t> shape;
  };
  void add(const std::string& group, MetricTable table);
  void reopen_films(int64_t step, const Extent& known);
  void sign();  // who writes this: process and host
  Film& film(const std::string& name, const std::string& kind, const std::string& sentence,
             const Image& image);

  h5::File file_;
  std::map<std::string, MetricTable> tables_;                       // by group
  std::map<std::string, std::pair<MetricTable*, size_t>> columns_;  // of each metric
  std::map<std::string, Film> films_;
  double cpu_before_ = 0, wall_before_ = 0;  // seconds that earlier processes spent on this run
  double began_ = 0;                         // by a clock that only goes forward
};

// Reads a run.h5 of any format, live ones too (a tail whose step does not increase is dropped).
class RunFile {
 public:
  explicit RunFile(const std::filesystem::path& run_folder);

  const std::filesystem::path& folder() const { return folder_; }
  std::string attribute(const std::string& name) const;  // "" when absent
  int64_t format() const { return format_; }
  Attributes attributes() const;  // all, alphabetical; numbers printed
  std::string config() const { return file_.read_text("/config"); }
  // What follows is read again from a file opened anew where a run that goes on wrote meanwhile.
  std::vector<Metric> metrics() const;                     // alphabetical
  std::vector<Row> rows(const std::string& metric) const;  // empty when absent
  std::optional<Row> last_row(const std::string& metric) const;
  // Rows of every metric that has some: the quickest way to all of them.
  void each(const Visit& visit) const;
  struct Film {
    std::string name, kind, sentence;
    std::vector<int64_t> steps;
    hsize_t height = 0, width = 0, channels = 0;
  };
  std::vector<Film> pictures()
      const;  // in the order in which the learner draws them; of older runs alphabetical
  Image frame(const std::string& picture, size_t index) const;

 private:
  template <class Read>
  auto settled(const Read& read) const;
  std::vector<Film> films() const;
  Image read_frame(const std::string& picture, size_t index) const;

  std::filesystem::path folder_;
  mutable h5::File file_;  // HDF5 has no reading of const
  int64_t format_ = run_format_version;
};

std::string now_iso();  // 2026-01-31T12:00:00Z

}  // namespace core
