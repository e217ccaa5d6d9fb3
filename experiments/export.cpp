#include "experiments/export.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "core/error.h"
#include "core/formats/d4rl.h"
#include "core/formats/event_file.h"
#include "core/formats/metrics_csv.h"
#include "core/formats/minari.h"
#include "core/nearest.h"
#include "core/run_folder.h"
#include "experiments/gymnasium.h"
#include "experiments/gymnasium_spec.h"
#include "render/player.h"
#include "render/png.h"

namespace experiments {

namespace {

namespace fs = std::filesystem;
namespace formats = core::formats;

std::vector<fs::path> folders_of(const ExportCommand& command) {
  std::vector<fs::path> folders;
  for (const auto& path : command.runs)
    for (auto& run : core::find_runs(path)) folders.push_back(std::move(run));
  return folders;
}

// ---- metrics ----

// The metrics of a run that are asked for: all unless some are named.
std::vector<core::Metric> chosen(const core::RunFile& run, const std::vector<std::string>& wanted) {
  std::vector<core::Metric> metrics;
  for (core::Metric& metric : run.metrics())
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), metric.name) != wanted.end())
      metrics.push_back(std::move(metric));
  return metrics;
}

// Every run, opened, with at least one row among what is asked for.
std::vector<core::RunFile> open_runs(const ExportCommand& command) {
  std::vector<core::RunFile> runs;
  std::set<std::string> known;
  for (const fs::path& folder : folders_of(command)) {
    runs.emplace_back(folder);
    for (const core::Metric& metric : runs.back().metrics()) known.insert(metric.name);
  }
  for (const std::string& name : command.metrics)
    core::check(known.count(name) > 0, "--metric {}: no run has it{}", name,
                core::suggestion(name, {known.begin(), known.end()}));
  for (const core::RunFile& run : runs) {
    const auto metrics = chosen(run, command.metrics);
    const bool some = std::any_of(metrics.begin(), metrics.end(),
                                  [&](const auto& metric) { return run.last_row(metric.name).has_value(); });
    core::check(some, "{}: holds no row of a metric yet", run.folder().string());
  }
  return runs;
}

int export_csv(const ExportCommand& command) {
  const std::vector<core::RunFile> runs = open_runs(command);
  std::ofstream out(command.out);
  formats::write_metrics_header(out);
  for (const core::RunFile& run : runs)
    for (const core::Metric& metric : chosen(run, command.metrics))
      formats::write_metric(out, run, metric.name);
  out.close();
  core::check(out.good(), "{}: cannot be written (folder missing, not writable or full?)", command.out);
  std::cout << fmt::format("{}: metrics of {} runs\n", command.out, runs.size());
  return 0;
}

// ---- TensorBoard ----

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

// DIR/<name>/seed-<n>, numbered where runs share both: those of one export, and those of earlier ones.
fs::path event_folder(const fs::path& out, const core::RunFile& run, std::set<fs::path>& taken) {
  const fs::path plain = out / run.attribute("name") / ("seed-" + run.attribute("seed"));
  fs::path folder = plain;
  for (int k = 2; taken.contains(folder) || !may_hold(folder, run); ++k)
    folder = plain.string() + fmt::format("-{}", k);
  taken.insert(folder);
  std::error_code error;
  fs::create_directories(folder, error);
  core::check(!error, "{}: cannot be made ({})", folder.string(), error.message());
  std::ofstream(folder / name_tag) << identity(run);
  return folder;
}

int export_tensorboard(const ExportCommand& command) {
  const std::vector<core::RunFile> runs = open_runs(command);
  std::set<fs::path> taken;
  for (const core::RunFile& run : runs) {
    Events events(run, event_folder(command.out, run, taken) / event_file);
    for (const core::Metric& metric : chosen(run, command.metrics)) events.scalars(metric);
    if (command.metrics.empty()) events.pictures();
    events.finish();
  }
  std::cout << fmt::format("{}: event files of {} runs; tensorboard --logdir {}\n", command.out, runs.size(),
                           command.out);
  return 0;
}

// ---- episodes ----

std::vector<core::EpisodeFile> open_episodes(const ExportCommand& command) {
  core::check(command.metrics.empty(), "--metric: {} takes episodes, which have no metrics", command.format);
  std::vector<core::EpisodeFile> files;
  for (const fs::path& folder : folders_of(command)) {
    const core::RunFile whole(folder);  // a run that cannot be read says so itself
    core::check(fs::exists(folder / "episodes.h5"), "{}: holds no recorded episodes (yet)", folder.string());
    files.emplace_back(folder / "episodes.h5");
    core::check(!files.back().headers().empty(), "{}: holds no episode yet", folder.string());
    const bool same = files.back().format().env_options == files.front().format().env_options;
    core::check(same, "{}: its environment is not that of {}; a dataset is of one environment",
                folder.string(), command.runs.front());
  }
  return files;
}

int64_t add_all(const std::vector<core::EpisodeFile>& files, auto& writer) {
  int64_t steps = 0;
  for (const core::EpisodeFile& file : files)
    for (size_t k = 0; k < file.headers().size(); ++k) {
      writer.add(file.read(k));
      steps += file.headers()[k].length;
    }
  return steps;
}

void say(const ExportCommand& command, const std::vector<core::EpisodeFile>& files, int64_t steps) {
  size_t episodes = 0;
  for (const core::EpisodeFile& file : files) episodes += file.headers().size();
  std::cout << fmt::format("{}: {} episodes, {} steps of {}\n", command.out, episodes, steps,
                           files.front().format().env_id);
}

// Minari's id of a dataset is its path below Minari's own folder; elsewhere the folder's name.
std::string dataset_id(const fs::path& folder) {
  const char* set = std::getenv("MINARI_DATASETS_PATH");
  const char* user = std::getenv("HOME");
  const fs::path root = set && *set ? fs::path(set) : fs::path(user ? user : "") / ".minari/datasets";
  const fs::path below = fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(root));
  const bool inside = !below.empty() && *below.begin() != "..";
  const std::string id = inside ? below.string() : fs::weakly_canonical(folder).filename().string();
  static const std::regex pattern(R"(([\w-]+/)*[\w-]+-v[0-9]+)");
  core::check(std::regex_match(id, pattern), "--out {}: Minari's datasets are called NAME-v0, found '{}'",
              folder.string(), id);
  return id;
}

int export_minari(const ExportCommand& command) {
  const std::vector<core::EpisodeFile> files = open_episodes(command);
  const core::EpisodeFormat& format = files.front().format();
  const envs::Options options = render::env_options(format);
  const envs::Spec spec = render::make_env(format)->spec();
  const std::string learner = core::RunFile(folders_of(command).front()).attribute("learner");
  const formats::MinariFacts facts{
      .dataset_id = dataset_id(command.out),
      .observation_space = space_json(gymnasium_observation(spec)),
      .action_space = space_json(spec.action),
      .env_spec = env_spec_json(options),
      .algorithm = learner,
      .description =
          fmt::format("Evaluation episodes of {} on {}, recorded by Atelier", learner, format.env_id)};
  formats::MinariWriter writer(command.out, format, layout_of(gymnasium_observation(spec), spec.action));
  const int64_t steps = add_all(files, writer);
  writer.finish(facts);
  say(command, files, steps);
  return 0;
}

int export_d4rl(const ExportCommand& command) {
  const std::vector<core::EpisodeFile> files = open_episodes(command);
  formats::D4rlWriter writer(command.out, files.front().format());
  const int64_t steps = add_all(files, writer);
  writer.finish();
  say(command, files, steps);
  return 0;
}

}  // namespace

int export_runs(const ExportCommand& command) {
  if (command.format == "csv") return export_csv(command);
  if (command.format == "tensorboard") return export_tensorboard(command);
  return command.format == "minari" ? export_minari(command) : export_d4rl(command);
}

}  // namespace experiments
