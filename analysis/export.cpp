#include "analysis/export.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "core/error.h"
#include "core/formats/event_file.h"
#include "core/formats/metrics_csv.h"
#include "core/nearest.h"
#include "core/path.h"
#include "core/run_log.h"
#include "core/whole_file.h"
#include "render/png.h"

namespace analysis {

namespace {

namespace fs = std::filesystem;
namespace formats = core::formats;

// The metrics of a run that are asked for: all unless some are named.
std::vector<core::Metric> chosen(const core::RunFile& run, const std::vector<std::string>& wanted) {
  std::vector<core::Metric> metrics;
  for (core::Metric& metric : run.metrics())
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), metric.name) != wanted.end())
      metrics.push_back(std::move(metric));
  return metrics;
}

// Every run, opened, with at least one row among what is asked for.
std::vector<core::RunFile> open_runs(const MetricsExport& wanted) {
  std::vector<core::RunFile> runs;
  std::set<std::string> known;
  for (const fs::path& folder : wanted.folders) {
    runs.emplace_back(folder);
    for (const core::Metric& metric : runs.back().metrics()) known.insert(metric.name);
  }
  for (const std::string& name : wanted.metrics)
    core::check(known.count(name) > 0, "--metric {}: no run has it{}", name,
                core::suggestion(name, {known.begin(), known.end()}));
  for (const core::RunFile& run : runs) {
    const auto metrics = chosen(run, wanted.metrics);
    const bool some = std::any_of(metrics.begin(), metrics.end(),
                                  [&](const auto& metric) { return run.last_row(metric.name).has_value(); });
    core::check(some, "{}: holds no row of a metric yet", run.folder().string());
  }
  return runs;
}

double seconds_of(const std::string& iso) {
  std::tm when{};
  return strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) ? static_cast<double>(timegm(&when)) : 0;
}

// One run's event file. Its x-axis is the report's: environment steps of agents, steps of models.
class Events {
 public:
  Events(const core::RunFile& run, const fs::path& file)
      : run_(run),
        agent_(run.attribute("kind") == "agent"),
        start_(seconds_of(run.attribute("start"))),
        out_(file, start_) {}

  void scalars(const core::Metric& metric) {
    for (const core::Row& row : run_.rows(metric.name)) {
      places_[row.step] = row;
      out_.scalar(metric.name, metric.sentence, moment(row), row.value);
    }
  }

  void pictures() {
    for (const auto& film : run_.pictures())
      for (size_t k = 0; k < film.steps.size(); ++k) {
        const core::Image image = run_.frame(film.name, k);
        out_.image("pictures/" + film.name, film.sentence, moment(place_of(film.steps[k])), image.width,
                   image.height, render::png_bytes(image));
      }
  }

  void finish() { out_.finish(); }

 private:
  formats::Moment moment(const core::Row& row) const {
    return {agent_ ? row.env_steps : row.step, start_ + row.wall_s};
  }
  // A picture knows its step alone: the counters are those of the rows at or before it.
  core::Row place_of(int64_t step) const {
    const auto after = places_.upper_bound(step);
    core::Row place = after == places_.begin() ? core::Row{} : std::prev(after)->second;
    place.step = step;
    return place;
  }

  const core::RunFile& run_;
  bool agent_;
  double start_;
  formats::EventFile out_;
  std::map<int64_t, core::Row> places_;  // by step
};

// Which run it is, wherever it lies by now.
std::string identity(const core::RunFile& run) {
  return fmt::format("{}\n{}\n", run.attribute("start"), run.attribute("command"));
}

constexpr const char* event_file = "events.out.tfevents.atelier";
constexpr const char* name_tag = "run.txt";  // beside it: whose it is

// Whether the folder is free, or holds what the same run gave before.
bool may_hold(const fs::path& folder, const core::RunFile& run) {
  std::error_code unknown;
  if (!fs::exists(folder / event_file, unknown)) return true;
  std::ifstream in(folder / name_tag);
  return std::string(std::istreambuf_iterator<char>(in), {}) == identity(run);
}

// DIR/<name>/seed-<n>, numbered where runs share both: those of one export, and those of earlier ones. Both
// are from a file, which may be a stranger's: neither leads out of DIR.
fs::path event_folder(const fs::path& out, const core::RunFile& run, std::set<fs::path>& taken) {
  const auto word = [&](const char* attribute) {
    std::string text = run.attribute(attribute);
    core::check(core::is_one_name(text), "{}: its {} '{}' cannot name a folder", run.folder().string(),
                attribute, text);
    return text;
  };
  const fs::path plain = out / word("name") / ("seed-" + word("seed"));
  fs::path folder = plain;
  for (int k = 2; taken.contains(folder) || !may_hold(folder, run); ++k)
    folder = plain.string() + fmt::format("-{}", k);
  taken.insert(folder);
  return folder;
}

void write_events(const core::RunFile& run, const fs::path& folder, const MetricsExport& wanted) {
  const core::MadeFolder made(folder);
  Events events(run, folder / event_file);
  for (const core::Metric& metric : chosen(run, wanted.metrics)) events.scalars(metric);
  if (wanted.metrics.empty()) events.pictures();
  core::WholeFile tag(folder / name_tag);
  tag.out() << identity(run);
  tag.finish();  // both or neither
  events.finish();
  tag.keep();
}

}  // namespace

void export_csv(const MetricsExport& wanted) {
  const std::vector<core::RunFile> runs = open_runs(wanted);
  core::WholeFile file(wanted.out);
  std::ostream& out = file.out();
  formats::write_metrics_header(out);
  for (const core::RunFile& run : runs)
    for (const core::Metric& metric : chosen(run, wanted.metrics))
      formats::write_metric(out, run, metric.name);
  file.keep();
  std::cout << fmt::format("{}: metrics of {} runs\n", wanted.out, runs.size());
}

void export_tensorboard(const MetricsExport& wanted) {
  const std::vector<core::RunFile> runs = open_runs(wanted);
  std::set<fs::path> taken;
  for (const core::RunFile& run : runs) {
    write_events(run, event_folder(wanted.out, run, taken), wanted);
  }
  std::cout << fmt::format("{}: event files of {} runs; tensorboard --logdir {}\n", wanted.out, runs.size(),
                           wanted.out);
}

}  // namespace analysis
