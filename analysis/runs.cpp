// Reading, grouping, telling the dead from the living.
#include "analysis/runs.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <ctime>
#include <set>

#include "core/error.h"
#include "core/run_folder.h"
#include "core/value.h"

namespace analysis {

static constexpr double stale_after = 120;  // seconds without a heartbeat; runs flush every few seconds

std::string Run::attribute(const std::string& name) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? "" : found->second;
}

std::string Run::name() const {
  const std::string given = attribute("name");
  return given.empty() ? folder.filename().string() : given;
}

double Run::cpu_seconds() const { return std::atof(attribute("cpu_s").c_str()); }

double Run::wall_seconds() const {
  const std::string told = attribute("wall_s");
  return told.empty() ? last.wall_s : std::atof(told.c_str());
}

static void flatten(const core::Value& value, const std::string& key,
                    std::map<std::string, std::string>& out) {
  if (!value.is_map()) {
    std::string text = value.is_null() ? "null" : core::to_yaml(value);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    out[key] = text;
    return;
  }
  for (const auto& member : value.members)
    flatten(member.value, key.empty() ? member.key : key + "." + member.key, out);
}

// Seconds since `iso` ("2026-01-31T12:00:00Z"); 0 when it cannot be read.
static double age_of(const std::string& iso) {
  std::tm when{};
  if (!strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%SZ", &when)) return 0;
  return std::difftime(std::time(nullptr), timegm(&when));
}

static std::string words_of(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return seconds < 172800 ? fmt::format("{:.0f} h", seconds / 3600)
                          : fmt::format("{:.0f} days", seconds / 86400);
}

// A run that says "running" may have been killed: its process is gone, or its heart stopped.
static std::string state_of(const Run& run) {
  const std::string status = run.attribute("status");
  if (status != "running") return status.empty() ? "unknown" : status;
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  const int pid = std::atoi(run.attribute("pid").c_str());
  if (pid > 0 && run.attribute("host") == host && kill(pid, 0) != 0 && errno == ESRCH) return "crashed";
  const double age = age_of(run.attribute("heartbeat"));
  return age > stale_after ? fmt::format("stale, no sign for {}", words_of(age)) : "running";
}

static core::Row furthest(const core::Row& a, const core::Row& b) {
  return {std::max(a.step, b.step), std::max(a.env_steps, b.env_steps), std::max(a.samples, b.samples),
          std::max(a.wall_s, b.wall_s), 0};
}

Run load_run(const std::filesystem::path& folder) {
  Run run{.folder = folder, .file = std::make_shared<core::RunFile>(folder)};
  for (const auto& [name, text] : run.file->attributes()) run.attributes[name] = text;
  run.metrics = run.file->metrics();
  run.config_text = run.file->config();
  if (!run.config_text.empty())
    flatten(core::parse_yaml(run.config_text, folder.string() + "/run.h5: /config"), "", run.config);
  for (const core::Metric& metric : run.metrics)
    if (const auto row = run.file->last_row(metric.name)) run.last = furthest(run.last, *row);
  run.state = state_of(run);
  return run;
}

std::string Group::states() const {
  std::map<std::string, int> counted;
  for (const Run& run : runs) ++counted[run.state];
  if (counted.size() == 1 && runs.size() == 1) return counted.begin()->first;
  std::string words;
  for (const auto& [state, n] : counted) words += fmt::format("{}{} {}", words.empty() ? "" : ", ", n, state);
  return words;
}

static std::map<std::string, std::string> without_seed(std::map<std::string, std::string> config) {
  config.erase("seed");
  return config;
}

static int64_t seed_of(const Run& run) { return std::strtoll(run.attribute("seed").c_str(), nullptr, 10); }

std::map<std::string, std::vector<std::string>> differences(const std::vector<Group>& groups) {
  std::set<std::string> keys;
  for (const Group& group : groups)
    for (const auto& [key, value] : without_seed(group.first().config)) keys.insert(key);
  std::map<std::string, std::vector<std::string>> rows;
  for (const std::string& key : keys) {
    std::vector<std::string> values;
    for (const Group& group : groups) {
      const auto found = group.first().config.find(key);
      values.push_back(found == group.first().config.end() ? "-" : found->second);
    }
    if (std::set<std::string>(values.begin(), values.end()).size() > 1) rows[key] = values;
  }
  return rows;
}

// Groups of one name get the values that set them apart, when those are few and short, or a number.
static void label_groups(std::vector<Group>& groups) {
  const auto rows = differences(groups);
  std::map<std::string, int> seen;
  for (const Group& group : groups) ++seen[group.first().name()];
  std::map<std::string, int> number;
  for (size_t k = 0; k < groups.size(); ++k) {
    Group& group = groups[k];
    group.label = group.first().name();
    if (seen[group.label] == 1) continue;
    std::string apart;
    for (const auto& [key, values] : rows)
      apart += fmt::format("{}{} {}", apart.empty() ? "" : ", ", key, values[k]);
    const int own = ++number[group.label];
    const bool few = rows.size() <= 2 && !apart.empty() && apart.size() <= 48;
    group.label += few ? fmt::format(" ({})", apart) : fmt::format(" #{}", own);
  }
}

static void add_run(std::vector<Group>& groups, Run run) {
  for (Group& group : groups)
    if (group.first().name() == run.name() &&
        without_seed(group.first().config) == without_seed(run.config)) {
      group.runs.push_back(std::move(run));
      return;
    }
  groups.push_back({"", {}});
  groups.back().runs.push_back(std::move(run));
}

Runs load_runs(const std::vector<std::filesystem::path>& paths) {
  Runs loaded;
  std::set<std::filesystem::path> seen;
  for (const auto& path : paths)
    for (const auto& folder : core::find_runs(path)) {
      if (!seen.insert(std::filesystem::weakly_canonical(folder)).second) continue;
      try {
        add_run(loaded.groups, load_run(folder));
      } catch (const core::Error& error) {  // one torn run must not hide the others
        loaded.unread.emplace_back(error.what());
      }
    }
  core::check(!loaded.groups.empty(), "no run can be read: {}",
              loaded.unread.empty() ? "none given" : loaded.unread.front());
  for (Group& group : loaded.groups)
    std::stable_sort(group.runs.begin(), group.runs.end(),
                     [](const Run& a, const Run& b) { return seed_of(a) < seed_of(b); });
  label_groups(loaded.groups);
  return loaded;
}

static std::string standing_of(const Run& run) {
  const std::string seed = run.attribute("seed"), why = run.attribute("failure");
  if (run.last.step == 0) return fmt::format("seed {}: {}, without a row", seed, run.state);
  return fmt::format("seed {}: {}, at step {}{}", seed, run.state, run.last.step,
                     why.empty() ? "" : " (" + why + ")");
}

static std::string unfinished(const Group& group) {
  std::string words;
  for (const Run& run : group.runs)
    if (run.state != "finished") words += (words.empty() ? "" : "; ") + standing_of(run);
  return words;
}

static std::string repeated_seeds(const Group& group) {
  std::map<std::string, int> counted;
  std::string words;
  for (const Run& run : group.runs)
    if (++counted[run.attribute("seed")] == 2) words += (words.empty() ? "" : ", ") + run.attribute("seed");
  return words;
}

std::vector<std::string> remarks(const std::vector<Group>& groups) {
  std::vector<std::string> lines;
  for (const Group& group : groups) {
    if (const std::string words = unfinished(group); !words.empty())
      lines.push_back(
          fmt::format("{}, not finished: {}. Their last values count as final ones", group.label, words));
    if (const std::string seeds = repeated_seeds(group); !seeds.empty())
      lines.push_back(fmt::format("{}: more than one run of seed {}. Intervals take them for different seeds",
                                  group.label, seeds));
  }
  return lines;
}

}  // namespace analysis
