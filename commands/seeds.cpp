#include "commands/seeds.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <set>
#include <sstream>

#include "commands/farm.h"
#include "commands/places.h"
#include "core/error.h"
#include "core/generations.h"
#include "core/interrupt.h"
#include "core/run_log.h"
#include "core/shell.h"
#include "core/terminal.h"
#include "core/value.h"
#include "render/text_table.h"

namespace commands {

static std::vector<std::string> arguments(const RunCommand& command) {
  std::vector<std::string> words{"run", command.file};
  words.insert(words.end(), command.overrides.begin(), command.overrides.end());
  if (command.threads > 0) words.insert(words.end(), {"--threads", std::to_string(command.threads)});
  if (!command.device.empty()) words.insert(words.end(), {"--device", command.device});
  if (command.force) words.push_back("--force");
  return words;
}

// Checks the whole experiment once before anything starts; its name and first seed.
static std::pair<std::string, int64_t> validated(const RunCommand& command) {
  std::vector<std::string> words = arguments(command);
  words.push_back("--validate-only");
  std::istringstream lines(output_of_sibling(words));
  std::pair<std::string, int64_t> result;
  std::getline(lines, result.first);
  lines >> result.second;
  return result;
}

// A command to go on with, below the words where a terminal is too narrow for both.
static std::string proposal(const std::string& words, const std::string& line) {
  return core::in_lines({words, line}, core::lasting_width_of(STDERR_FILENO), " ") + '\n';
}

static std::string resume_line(const std::filesystem::path& folder) {
  return proposal("interrupted; go on with:",
                  core::program_name() + " run --resume " + core::shell_path(folder));
}

// Of an interrupted command; seeds that have not begun are in no folder yet.
static std::string going_on(const RunCommand& command, const std::vector<Job>& jobs,
                            const std::filesystem::path& folder) {
  const auto waits = [](const Job& job) { return !core::has_checkpoint(job.folder); };
  const auto next = std::find_if(jobs.begin(), jobs.end(), waits);
  const std::string begun = next == jobs.begin() ? "" : resume_line(folder);
  if (next == jobs.end()) return begun;
  RunCommand rest = command;
  const std::string seed = next->folder.filename().string().substr(5);
  rest.overrides.push_back("seed=" + seed);
  std::vector<std::string> words = arguments(rest);
  words.insert(words.end(), {"--seeds", std::to_string(jobs.end() - next)});
  return begun + proposal(fmt::format("from seed {} on none has begun; begin with:", seed),
                          core::shell_line(words) + " --out " + core::shell_path(folder));
}

// The best value that each run's evaluations had of its score; none of a run without one.
static std::vector<double> best_scores(const std::vector<std::filesystem::path>& runs) {
  std::vector<double> best;
  for (const auto& folder : runs) {
    const core::RunFile run(folder);
    const auto rows = run.rows(run.attribute("score"));
    if (rows.empty()) continue;
    const double sign = run.attribute("score_sign") == "-1" ? -1 : 1;
    best.push_back(sign * rows[0].value);
    for (const core::Row& row : rows) best.back() = std::max(best.back(), sign * row.value);
    best.back() *= sign;
  }
  return best;
}

static bool has_target(const core::RunFile& run) {
  const core::Value config = core::parse_yaml(run.config(), "config");
  const core::Value* target = config.find("target");
  const core::Value* reach = target ? target->find("reach") : nullptr;
  return reach && !reach->items.empty();
}

// What finished seeds of one experiment reached, and what to look at next.
static std::string closing(const std::vector<std::filesystem::path>& runs,
                           const std::filesystem::path& folder) {
  const core::RunFile first(runs[0]);
  const std::vector<double> best = best_scores(runs);
  std::string line;
  if (!best.empty())
    line = fmt::format("best {} {}, mean of {} seeds\n", first.attribute("score"),
                       render::short_interval(render::mean_interval(best)), best.size());
  const std::string path = core::shell_path(folder);
  line += proposal("next:", core::program_name() + " report " + path);
  return line + (has_target(first)
                     ? proposal("or, for its target:", core::program_name() + " results " + path)
                     : "");
}

int run_seeds(const RunCommand& command, const std::string& line) {
  core::check(command.resume.empty(), "--seeds starts new runs; --resume takes their folder");
  core::check(!command.watch, "--watch follows one run; with --seeds, see one of them by: atelier watch");
  const auto [name, first] = validated(command);
  core::check(command.seeds - 1 <= std::numeric_limits<int64_t>::max() - first,
              "--seeds {}: seeds end at 2^63 - 1, found {} as the first", command.seeds, first);
  const std::filesystem::path folder =
      command.out.empty() ? fresh_time_folder(name) : std::filesystem::path(command.out);
  const core::FolderLock lock(folder);
  std::vector<Job> jobs;
  std::vector<std::filesystem::path> runs;
  std::string replaced;
  for (int64_t k = 0; k < command.seeds; ++k) {
    const std::string seed = std::to_string(first + k);
    RunCommand one = command;
    one.overrides.push_back("seed=" + seed);  // last: it wins over a seed that the user gave
    Job job{arguments(one), folder / ("seed-" + seed)};
    job.words.insert(job.words.end(), {"--quiet", "--typed=" + line, "--out", job.folder.string()});
    core::check(command.force || !std::filesystem::exists(job.folder / "run.h5"),
                "{}: a run is there already (--force replaces it)", job.folder.string());
    core::require_unlocked(job.folder);
    replaced += replacement(job.folder);
    runs.push_back(job.folder);
    jobs.push_back(std::move(job));
  }
  core::check(!std::filesystem::exists(folder / "run.h5"),
              "{}: is a run itself; seeds go beside it, not into it", folder.string());
  if (!command.quiet) std::cerr << replaced;
  if (command.out.empty()) point_latest(folder);
  const int code = run_jobs(jobs, command.quiet);
  if (core::interrupted() && !command.quiet) std::cerr << going_on(command, jobs, folder);
  if (code == 0 && !command.quiet) std::cerr << closing(runs, folder);
  std::cout << folder.string() << '\n';
  return code;
}

// Of the folders that these runs lie in; Error where any of the runs or of the folders is another process's.
static std::vector<core::FolderLock> locked(const std::vector<std::filesystem::path>& runs) {
  std::set<std::filesystem::path> parents;
  for (const auto& run : runs) {
    core::require_unlocked(run);
    parents.insert(std::filesystem::canonical(run).parent_path());
  }
  return {parents.begin(), parents.end()};
}

int resume_seeds(const RunCommand& command, const std::vector<std::filesystem::path>& runs) {
  const std::vector<core::FolderLock> locks = locked(runs);
  std::vector<Job> jobs;
  for (const auto& run : runs) {
    if (command.overrides.empty() && command.file.empty() &&
        core::RunFile(run).attribute("status") == "finished")
      continue;
    Job job{{"run"}, run};
    if (!command.file.empty()) job.words.push_back(command.file);  // the first override
    job.words.insert(job.words.end(), command.overrides.begin(), command.overrides.end());
    job.words.insert(job.words.end(), {"--resume", run.string(), "--quiet"});
    if (command.anomaly) job.words.push_back("--anomaly");
    jobs.push_back(std::move(job));
  }
  core::check(!jobs.empty(), "{}: every run of it is finished ({}); give them a longer budget to go on",
              command.resume, runs.size());
  std::vector<std::string> overrides = command.overrides;
  if (!command.file.empty()) overrides.push_back(command.file);
  require_own_budget(core::parse_yaml(core::RunFile(runs[0]).config(), runs[0].string()), overrides);
  if (!command.quiet) std::cerr << new_horizon(runs[0], overrides);  // once for all
  const int code = run_jobs(jobs, command.quiet);
  if (core::interrupted() && !command.quiet) std::cerr << resume_line(command.resume);
  const bool one_experiment = locks.size() == 1 && runs[0].filename().string().starts_with("seed-");
  if (code == 0 && one_experiment && !command.quiet) std::cerr << closing(runs, command.resume);
  std::cout << command.resume << '\n';
  return code;
}

}  // namespace commands
