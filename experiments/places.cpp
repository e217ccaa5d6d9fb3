#include "experiments/places.h"

#include <fmt/chrono.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "core/error.h"

namespace experiments {

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::filesystem::path home() {
  if (const char* set = std::getenv("ATELIER_HOME"); set && *set) return set;
  const std::filesystem::path installed = program_folder().parent_path() / "share/atelier";
  return std::filesystem::exists(installed / "experiments") ? installed
                                                            : std::filesystem::path(ATELIER_SOURCE);
}

std::filesystem::path experiment_file(const std::string& file) {
  core::check(!file.empty(), "expected an experiment file (see: atelier list experiments)");
  if (std::filesystem::exists(file)) return file;
  const std::filesystem::path shipped = home() / file;
  core::check(std::filesystem::exists(shipped), "{}: no such file here or in {}", file, home().string());
  return shipped;
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

void make_run_folder(const std::filesystem::path& folder, bool force) {
  std::error_code error;  // of a folder that may not even be looked into
  const bool taken = std::filesystem::exists(folder / "run.h5", error);
  core::check(!taken || force, "{}: a run is there already (--force replaces it)", folder.string());
  if (!error) std::filesystem::create_directories(folder, error);
  core::check(!error && ::access(folder.c_str(), W_OK) == 0, "{}: the folder cannot be written",
              folder.string());
  for (const char* file : {"run.h5", "episodes.h5", "last.h5", "best.h5"})
    std::filesystem::remove(folder / file);
}

void point_latest(const std::filesystem::path& time_folder) {
  const std::filesystem::path link = time_folder.parent_path() / "latest",
                              fresh = time_folder.parent_path() / ".latest";
  std::error_code ignored;  // a missing convenience must not stop a run
  std::filesystem::remove(fresh, ignored);
  std::filesystem::create_directory_symlink(time_folder.filename(), fresh, ignored);
  std::filesystem::rename(fresh, link, ignored);
}

}  // namespace experiments
