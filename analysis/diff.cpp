#include "analysis/diff.h"

#include <bit>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>
#include <vector>

#include "core/error.h"
#include "core/hdf5.h"
#include "core/run_folder.h"
#include "core/run_log.h"

namespace analysis {

namespace {

constexpr size_t most_lines = 20;

struct Differences {
  std::vector<std::string> lines;
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    lines.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
};

void compare_configs(const core::RunFile& a, const core::RunFile& b, Differences& out) {
  std::istringstream left(a.config()), right(b.config());
  std::string l, r;
  while (std::getline(left, l), std::getline(right, r), left || right) {
    if (l != r) out.add("config: '{}' | '{}'", l, r);
    if (!left) l.clear();
    if (!right) r.clear();
  }
}

bool same(double x, double y) { return std::bit_cast<uint64_t>(x) == std::bit_cast<uint64_t>(y); }

void compare_rows(const std::string& name, const std::vector<core::Row>& a, const std::vector<core::Row>& b,
                  Differences& out) {
  if (a.size() != b.size()) out.add("{}: {} rows | {} rows", name, a.size(), b.size());
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const bool place =
        a[i].step == b[i].step && a[i].env_steps == b[i].env_steps && a[i].samples == b[i].samples;
    if (place && same(a[i].value, b[i].value)) continue;
    out.add("{} row {}: step {} value {} | step {} value {}", name, i, a[i].step, a[i].value, b[i].step,
            b[i].value);
    return;
  }
}

void compare_metrics(const core::RunFile& a, const core::RunFile& b, Differences& out) {
  std::set<std::string> names;
  for (const auto& metric : a.metrics())
    if (!metric.wall_clock) names.insert(metric.name);
  for (const auto& metric : b.metrics())
    if (!metric.wall_clock) names.insert(metric.name);
  for (const auto& name : names) compare_rows("metric " + name, a.rows(name), b.rows(name), out);
}

std::set<std::string> paths_of(const core::h5::File& file) {
  const std::vector<std::string> paths = file.datasets("/");
  return {paths.begin(), paths.end()};
}

std::vector<uint8_t> raw(const core::h5::File& file, const std::string& path) {
  const core::h5::Handle data = core::h5::opened(file, path), type(H5Dget_type(data), H5Tclose);
  const size_t item = H5Tget_size(type);
  std::vector<uint8_t> bytes(file.elements(path, item) * item);
  file.read(path, bytes.data(), type, file.info(path).shape);
  return bytes;
}

void compare_datasets(const std::string& name, const core::h5::File& a, const core::h5::File& b,
                      Differences& out) {
  const std::set<std::string> in_a = paths_of(a), in_b = paths_of(b);
  for (const auto& path : in_b)
    if (!in_a.count(path)) out.add("{}: {} is only in the second", name, path);
  for (const auto& path : in_a) {
    if (!in_b.count(path))
      out.add("{}: {} is only in the first", name, path);
    else if (a.info(path).shape != b.info(path).shape)
      out.add("{}: {} has another shape", name, path);
    else if (path != "/config" && raw(a, path) != raw(b, path))
      out.add("{}: {} differs", name, path);
  }
}

void compare_counters(const std::string& name, const core::h5::File& a, const core::h5::File& b,
                      Differences& out) {
  if (!a.exists("/counters") || !b.exists("/counters")) return;
  for (const auto& counter : a.attributes("/counters")) {
    if (counter == "wall_s") continue;
    const bool both = b.has("/counters", counter);
    if (!both || !same(a.number("/counters", counter), b.number("/counters", counter)))
      out.add("{}: counter {}: {} | {}", name, counter, a.number("/counters", counter),
              both ? fmt::format("{}", b.number("/counters", counter)) : "missing");
  }
}

void compare_files(const std::filesystem::path& a, const std::filesystem::path& b, const char* name,
                   Differences& out) {
  const bool in_a = std::filesystem::exists(a / name), in_b = std::filesystem::exists(b / name);
  if (in_a != in_b) out.add("{} is only in the {}", name, in_a ? "first" : "second");
  if (!in_a || !in_b) return;
  const core::h5::File left = core::h5::File::open_live(a / name),
                       right = core::h5::File::open_live(b / name);
  compare_datasets(name, left, right, out);
  compare_counters(name, left, right, out);
}

std::filesystem::path single(const std::string& path) {
  const auto runs = core::find_runs(path);
  core::check(runs.size() == 1, "{}: holds {} runs, expected one", path, runs.size());
  return runs[0];
}

}  // namespace

int diff(const std::string& run_a, const std::string& run_b) {
  const std::filesystem::path a = single(run_a), b = single(run_b);
  Differences differences;
  const core::RunFile left(a), right(b);
  compare_configs(left, right, differences);
  compare_metrics(left, right, differences);
  for (const char* file : {"last.h5", "best.h5", "episodes.h5"}) compare_files(a, b, file, differences);
  const auto& lines = differences.lines;
  for (size_t i = 0; i < std::min(most_lines, lines.size()); ++i) std::cout << lines[i] << '\n';
  if (lines.size() > most_lines) std::cout << fmt::format("... and {} more\n", lines.size() - most_lines);
  if (lines.empty()) std::cout << "equal\n";
  return lines.empty() ? 0 : 1;
}

}  // namespace analysis
