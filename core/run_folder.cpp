#include "core/run_folder.h"

#include <algorithm>

#include "core/error.h"

namespace core {

static int64_t seed_number(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  return name.rfind("seed-", 0) == 0 ? std::strtoll(name.c_str() + 5, nullptr, 10) : -1;
}

std::vector<std::filesystem::path> find_runs(const std::filesystem::path& path) {
  check(std::filesystem::exists(path), "{}: no such folder", path.string());
  check(std::filesystem::is_directory(path), "{}: is a file, expected a run folder", path.string());
  if (std::filesystem::exists(path / "run.h5")) return {path};
  std::vector<std::filesystem::path> runs;
  for (const auto& child : std::filesystem::directory_iterator(path))
    if (std::filesystem::exists(child.path() / "run.h5") && seed_number(child.path()) >= 0)
      runs.push_back(child.path());
  std::sort(runs.begin(), runs.end(),
            [](const auto& a, const auto& b) { return seed_number(a) < seed_number(b); });
  if (runs.empty() && std::filesystem::exists(path / "latest")) return find_runs(path / "latest");
  check(!runs.empty(), "{}: holds no run (no run.h5, no seed-<n>/run.h5)", path.string());
  return runs;
}

}  // namespace core
