#include "commands/seeds.h"

#include <iostream>
#include <limits>
#include <sstream>

#include "commands/farm.h"
#include "commands/places.h"
#include "commands/run.h"
#include "core/error.h"
#include "core/run_log.h"

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

int run_seeds(const RunCommand& command) {
  core::check(command.resume.empty(), "--seeds starts new runs; --resume takes their folder");
  core::check(!command.watch, "--watch follows one run; with --seeds, see one of them by: atelier watch");
  const auto [name, first] = validated(command);
  core::check(command.seeds - 1 <= std::numeric_limits<int64_t>::max() - first,
              "--seeds {}: seeds end at 2^63 - 1, found {} as the first", command.seeds, first);
  const std::filesystem::path folder =
      command.out.empty() ? fresh_time_folder(name) : std::filesystem::path(command.out);
  std::vector<Job> jobs;
  for (int64_t k = 0; k < command.seeds; ++k) {
    const std::string seed = std::to_string(first + k);
    RunCommand one = command;
    one.overrides.push_back("seed=" + seed);  // last: it wins over a seed that the user gave
    Job job{arguments(one), folder / ("seed-" + seed)};
    job.words.insert(job.words.end(), {"--quiet", "--out", job.folder.string()});
    core::check(command.force || !std::filesystem::exists(job.folder / "run.h5"),
                "{}: a run is there already (--force replaces it)", job.folder.string());
    jobs.push_back(std::move(job));
  }
  core::check(!std::filesystem::exists(folder / "run.h5"),
              "{}: is a run itself; seeds go beside it, not into it", folder.string());
  make_run_folder(jobs[0].folder, command.force);
  if (command.out.empty()) point_latest(folder);
  const int code = run_jobs(jobs);
  std::cout << folder.string() << '\n';
  return code;
}

int resume_seeds(const RunCommand& command, const std::vector<std::filesystem::path>& runs) {
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
  core::check(!jobs.empty(), "{}: all {} runs are finished; give them a longer budget to go on",
              command.resume, runs.size());
  if (!command.file.empty()) std::cerr << new_horizon;  // once for all
  return run_jobs(jobs);
}

}  // namespace commands
