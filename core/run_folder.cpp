#include "core/run_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/generations.h"
#include "core/path.h"
#include "core/run_log.h"
#include "core/shown.h"

namespace core {

namespace fs = std::filesystem;

static int64_t seed_number(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name.rfind("seed-", 0) == 0 ? std::strtoll(name.c_str() + 5, nullptr, 10) : -1;
}

static bool is_run(const fs::path& folder) {
  std::error_code refused;  // a folder that may not be looked into says so itself
  return fs::exists(folder / "run.h5", refused);
}

using Lines = std::vector<std::string>;

// Links are not followed, `latest` aside: nothing is met twice.
static std::vector<fs::path> children(const fs::path& folder, Lines& refused) {
  std::vector<fs::path> all;
  std::error_code error, unknown;
  for (fs::directory_iterator child(folder, error), end; !error && child != end; child.increment(error))
    if (child->is_directory(unknown) && !child->is_symlink(unknown) &&
        child->path().filename().string()[0] != '.')
      all.push_back(child->path());
  if (error) refused.push_back(fmt::format("{} ({})", folder.string(), error.message()));
  std::erase_if(all, [&](const fs::path& child) {
    const std::string name = child.filename().string();
    if (!unprintable(name)) return false;
    refused.push_back(fmt::format("{}: holds a folder whose name cannot be shown: '{}'", folder.string(),
                                  shown_start(name)));
    return true;
  });
  std::sort(all.begin(), all.end());
  return all;
}

// Where `latest` leads to a folder beside it, as whoever writes it lets it; a stranger's may lead anywhere.
static bool has_latest(const fs::path& folder) {
  std::error_code unknown;
  const fs::path target = fs::read_symlink(folder / "latest", unknown);
  return is_one_name(target.string()) && fs::is_directory(fs::symlink_status(folder / target, unknown));
}

static std::vector<fs::path> runs_in(const fs::path& folder, Lines& refused) {
  if (is_run(folder)) return {folder};
  const std::vector<fs::path> inside = children(folder, refused);
  std::vector<fs::path> runs;
  std::copy_if(inside.begin(), inside.end(), std::back_inserter(runs),
               [](const fs::path& child) { return seed_number(child) >= 0 && is_run(child); });
  std::sort(runs.begin(), runs.end(),
            [](const fs::path& a, const fs::path& b) { return seed_number(a) < seed_number(b); });
  if (!runs.empty()) return runs;
  if (has_latest(folder)) return runs_in(folder / "latest", refused);
  for (const fs::path& child : inside)
    for (fs::path& run : runs_in(child, refused)) runs.push_back(std::move(run));
  return runs;
}

std::vector<fs::path> find_runs(const fs::path& path, std::vector<std::string>* refused) {
  check(fs::exists(path), "{}: no such folder", path.string());
  if (!fs::is_directory(path)) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
    check(is_run(folder), "{}: is a file, expected a run folder, or a file inside of one", path.string());
    return {folder};
  }
  Lines closed;
  std::vector<fs::path> runs = runs_in(path, closed);
  check(!runs.empty() || closed.empty(), "{}: holds no run that can be read: {}", path.string(),
        closed.empty() ? "" : closed.front());
  check(!runs.empty(), "{}: holds no run (no run.h5 in it or below)", path.string());
  if (refused) refused->insert(refused->end(), closed.begin(), closed.end());
  return runs;
}

std::string unreadable(const fs::path& run, const std::vector<std::string>& files) {
  try {
    const RunFile opened(run);
  } catch (const Error& error) {
    return error.what();
  }
  for (const std::string& name : files) {
    const fs::path file = run / name;
    if (::access(file.c_str(), F_OK) == 0 && ::access(file.c_str(), R_OK) != 0)
      return fmt::format("{}: cannot be read ({})", file.string(), std::strerror(errno));
  }
  return "";
}

std::vector<fs::path> find_readable_runs(const std::vector<std::string>& paths,
                                         const std::vector<std::string>& files,
                                         std::vector<std::string>& passed_over) {
  std::vector<fs::path> readable;
  for (const std::string& path : paths) {
    std::vector<fs::path> runs = find_runs(path, &passed_over);
    const bool one = runs.size() == 1 && (runs[0] == path || !fs::is_directory(path));
    for (fs::path& run : runs) {
      std::string why = one ? "" : unreadable(run, files);  // one that was asked for is an error
      if (why.empty())
        readable.push_back(std::move(run));
      else
        passed_over.push_back(std::move(why));
    }
  }
  check(!readable.empty(), "no run can be read: {}",
        passed_over.empty() ? "none given" : passed_over.front());
  return readable;
}

fs::path find_run(const fs::path& path) {
  const std::vector<fs::path> runs = find_runs(path);
  const bool seeds = std::all_of(runs.begin(), runs.end(), [&](const fs::path& run) {
    return run.parent_path() == runs[0].parent_path();
  });
  if (seeds) return runs[0];
  return *std::max_element(runs.begin(), runs.end(), [](const fs::path& a, const fs::path& b) {
    return fs::last_write_time(a / "run.h5") < fs::last_write_time(b / "run.h5");
  });
}

std::string choice_of_run(const fs::path& path, const fs::path& run) {
  const size_t count = find_runs(path).size();
  return count == 1 ? "" : fmt::format("{}: holds {} runs, this is {}", path.string(), count, run.string());
}

std::string held_checkpoint(const fs::path& run, const std::string& wanted) {
  const bool has_any = has_checkpoint(run) || fs::exists(run / "best.h5");
  check(has_any, "{}: was stopped before its first checkpoint, so there are no weights", run.string());
  const std::string first = wanted.empty() ? "best" : wanted;
  const bool fallen = first == "best" && !fs::exists(run / "best.h5") && has_checkpoint(run);
  return fallen ? "last" : first;
}

std::string instead_of(const fs::path& run, const std::string& wanted, const std::string& held) {
  if (held == (wanted.empty() ? "best" : wanted)) return "";
  return fmt::format("{}: stopped before its first evaluation, so there is no best.h5; this is last.h5",
                     run.string());
}

}  // namespace core
