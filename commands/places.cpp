#include "commands/places.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "core/duration.h"
#include "core/error.h"
#include "core/nearest.h"
#include "core/run_folder.h"
#include "core/run_log.h"
#include "core/shell.h"

namespace commands {

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::filesystem::path home() {
  if (const char* set = std::getenv("ATELIER_HOME"); set && *set) return set;
  const std::filesystem::path installed = program_folder().parent_path() / "share/atelier";
  return std::filesystem::exists(installed / "experiments") ? installed
                                                            : std::filesystem::path(ATELIER_SOURCE);
}

std::vector<std::filesystem::path> shipped_experiments() {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::recursive_directory_iterator(home() / "experiments"))
    if (file.path().extension() == ".yaml") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::filesystem::path shipped_experiment(const std::string& name) {
  for (const std::filesystem::path& file : shipped_experiments())
    if (file.stem() == name) return file;
  return {};
}

bool is_shipped(const std::filesystem::path& file) {
  const auto all = shipped_experiments();
  return std::any_of(all.begin(), all.end(), [&](const std::filesystem::path& shipped) {
    std::error_code unknown;
    return std::filesystem::equivalent(shipped, file, unknown);
  });
}

// NAME of NAME, NAME.yaml, experiments/NAME and experiments/NAME.yaml; else nothing.
static std::string shipped_name(const std::filesystem::path& file) {
  const bool known = !file.has_parent_path() || file.parent_path() == "experiments";
  const bool yaml = file.extension() == ".yaml" || !file.has_extension();
  return known && yaml ? file.stem().string() : "";
}

// Nothing is called so: what is?
[[noreturn]] static void refuse(const std::string& file) {
  std::vector<std::string> names;
  for (const std::filesystem::path& each : shipped_experiments()) names.push_back(each.stem().string());
  const std::string near = core::nearest(std::filesystem::path(file).stem().string(), names);
  const std::filesystem::path here = std::filesystem::current_path();
  const std::string looked =
      here == home() ? home().string() : fmt::format("{} or in {}", here.string(), home().string());
  core::fail("{}: no such file in {}{}", file, looked,
             near.empty() ? " (see: atelier list experiments)" : fmt::format(", did you mean '{}'?", near));
}

// A run's folder is often meant to be gone on with.
static std::string going_on_with(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "run.h5")) return "";
  return fmt::format("; a run goes on by: {} run --resume {}", core::program_name(),
                     core::shell_path(folder));
}

std::filesystem::path experiment_file(const std::string& file) {
  core::check(!file.empty(), "expected an experiment file (see: atelier list experiments)");
  for (const std::filesystem::path& path : {std::filesystem::path(file), home() / file})
    if (std::filesystem::exists(path) && !std::filesystem::is_directory(path)) return path;
  const std::filesystem::path shipped = shipped_experiment(shipped_name(file));
  if (!shipped.empty()) return shipped;
  core::check(!std::filesystem::is_directory(file), "{}: is a folder, expected an experiment file (YAML){}",
              file, going_on_with(file));
  refuse(file);
}

std::filesystem::path fresh_time_folder(const std::string& name) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const std::filesystem::path base = std::filesystem::path("runs") / name;
  const std::string stamp = fmt::format("{:%Y-%m-%dT%H-%M-%S}", fmt::localtime(now));
  std::error_code ignored;  // what cannot be made is said by make_run_folder
  std::filesystem::create_directories(base, ignored);
  std::filesystem::path folder = base / stamp;
  for (int k = 2; !std::filesystem::create_directory(folder, ignored) && std::filesystem::exists(folder); ++k)
    folder = base / fmt::format("{}-{}", stamp, k);
  return folder;
}

std::string replacement(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "run.h5")) return "";
  try {
    const core::RunFile run(folder);
    const std::string status = run.attribute("status");
    return fmt::format("{}: replaces the run of process {} on {}, begun {}, {}\n", folder.string(),
                       run.attribute("pid"), run.attribute("host"), run.attribute("start"),
                       status == "running" ? "killed" : status);
  } catch (const core::Error&) {
    return fmt::format("{}: replaces a run that cannot be read\n", folder.string());
  }
}

core::FolderLock make_run_folder(const std::filesystem::path& folder, bool force, bool quiet) {
  core::FolderLock lock(folder);
  const bool taken = std::filesystem::exists(folder / "run.h5");
  core::check(!taken || force, "{}: a run is there already (--force replaces it)", folder.string());
  if (taken && !quiet) std::cerr << replacement(folder);
  for (const char* file :
       {"run.h5", "run.h5.journal", "run.h5.tmp", "run.h5.tmp.journal", "episodes.h5", "episodes.h5.journal",
        "last.h5", "previous.h5", "best.h5", "last.damaged.h5", "episodes.damaged.h5"})
    std::filesystem::remove(folder / file);
  return lock;
}

void point_latest(const std::filesystem::path& time_folder) {
  const std::filesystem::path link = time_folder.parent_path() / "latest",
                              fresh = time_folder.parent_path() / ".latest";
  std::error_code ignored;  // a missing convenience must not stop a run
  std::filesystem::remove(fresh, ignored);
  std::filesystem::create_directory_symlink(time_folder.filename(), fresh, ignored);
  std::filesystem::rename(fresh, link, ignored);
}

std::vector<std::filesystem::path> readable_runs(const std::vector<std::string>& paths,
                                                 const std::vector<std::string>& files) {
  std::vector<std::string> passed_over;
  auto runs = core::find_readable_runs(paths, files, passed_over);
  for (const std::string& line : passed_over) std::cerr << "passed over: " << line << '\n';
  return runs;
}

void require_own_budget(const core::Value& config, const std::vector<std::string>& overrides) {
  static constexpr std::array units{"steps", "epochs", "samples", "env_steps", "minutes"};
  const core::Value* train = config.find("train");
  for (const auto& assignment : overrides) {
    const std::string key = assignment.substr(0, assignment.find('='));
    const std::string unit = key.starts_with("train.") ? key.substr(6) : "";
    const bool known = std::find(units.begin(), units.end(), unit) != units.end();
    const core::Value* held = train && known ? train->find(unit) : nullptr;
    core::check(
        held && !held->is_null(),
        "{}: a resume may change the run's own budget only (train.steps, .epochs, .samples, .env_steps or "
        ".minutes, whichever the run has)",
        assignment);
  }
}

std::string new_horizon(const std::filesystem::path& run, const std::vector<std::string>& overrides) {
  const core::Value config = core::parse_yaml(core::RunFile(run).config(), run.string() + "/run.h5: /config");
  const core::Value* train = config.find("train");
  const auto is_longer = [&](const std::string& assignment) {
    const size_t equals = assignment.find('=');
    if (!train || equals == std::string::npos || !assignment.starts_with("train.")) return false;
    const core::Value* held = train->find(assignment.substr(6, equals - 6));
    try {
      return held && !held->is_null() &&
             core::parse_number(assignment.substr(equals + 1)) > core::parse_number(held->scalar);
    } catch (const std::invalid_argument&) {  // the run itself will say so
      return false;
    }
  };
  if (std::none_of(overrides.begin(), overrides.end(), is_longer)) return "";
  return "note: a longer budget sets a new horizon for schedules; the run will not equal one that had it "
         "from the start\n";
}

}  // namespace commands
