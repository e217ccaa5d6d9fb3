#include "core/run_folder.h"

#include <algorithm>

#include "core/error.h"

namespace core {

namespace fs = std::filesystem;

static int64_t seed_number(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name.rfind("seed-", 0) == 0 ? std::strtoll(name.c_str() + 5, nullptr, 10) : -1;
}

static bool is_run(const fs::path& folder) { return fs::exists(folder / "run.h5"); }

// Links are not followed, `latest` aside: nothing is met twice.
static std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& child : fs::directory_iterator(folder))
    if (child.is_directory() && !child.is_symlink() && child.path().filename().string()[0] != '.')
      all.push_back(child.path());
  std::sort(all.begin(), all.end());
  return all;
}

static std::vector<fs::path> runs_in(const fs::path& folder) {
  if (is_run(folder)) return {folder};
  const std::vector<fs::path> inside = children(folder);
  std::vector<fs::path> runs;
  std::copy_if(inside.begin(), inside.end(), std::back_inserter(runs),
               [](const fs::path& child) { return seed_number(child) >= 0 && is_run(child); });
  std::sort(runs.begin(), runs.end(),
            [](const fs::path& a, const fs::path& b) { return seed_number(a) < seed_number(b); });
  if (!runs.empty()) return runs;
  if (fs::exists(folder / "latest")) return runs_in(folder / "latest");
  for (const fs::path& child : inside)
    for (fs::path& run : runs_in(child)) runs.push_back(std::move(run));
  return runs;
}

std::vector<fs::path> find_runs(const fs::path& path) {
  check(fs::exists(path), "{}: no such folder", path.string());
  if (!fs::is_directory(path)) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
    check(is_run(folder), "{}: is a file, expected a run folder, or a file inside of one", path.string());
    return {folder};
  }
  std::vector<fs::path> runs = runs_in(path);
  check(!runs.empty(), "{}: holds no run (no run.h5 in it or below)", path.string());
  return runs;
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

std::string held_checkpoint(const fs::path& run, const std::string& wanted) {
  const std::string first = wanted.empty() ? "best" : wanted;
  const bool fallen = first == "best" && !fs::exists(run / "best.h5") && fs::exists(run / "last.h5");
  return fallen ? "last" : first;
}

std::string instead_of(const fs::path& run, const std::string& wanted, const std::string& held) {
  if (held == (wanted.empty() ? "best" : wanted)) return "";
  return fmt::format("{}: stopped before its first evaluation, so there is no best.h5; this is last.h5",
                     run.string());
}

}  // namespace core
