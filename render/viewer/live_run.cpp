#include "render/viewer/live_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "core/error.h"

namespace render {

// HDF5 shares what it knows of a file among all who have it open, so that only a file opened anew, by nobody
// else in this process, tells what was written since.
LiveRun::LiveRun(std::filesystem::path folder, const Read& read) : folder_(std::move(folder)) {
  for (int attempt = 0;; ++attempt) {
    seen_ = stamp();
    const core::RunFile file(folder_);  // waits by itself
    try {
      name_ = file.attribute("name");
      seed_ = file.attribute("seed");
      if (name_.empty()) name_ = folder_.filename().string();
      read(file);
      return;
    } catch (const core::Error&) {
      if (attempt == 10) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

bool LiveRun::read(const Read& read) const {
  try {
    core::h5::File::open(folder_ / "run.h5");  // fails at once where a RunFile waits
    read(core::RunFile(folder_));
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

bool LiveRun::reread(const Read& read) {
  const Stamp now = stamp();
  if (now == seen_ || !this->read(read)) return false;
  seen_ = now;
  return true;
}

static constexpr const char* dot = "  \u00b7  ";

static bool one_experiment(const std::vector<const LiveRun*>& runs) {
  return std::all_of(runs.begin(), runs.end(), [&](auto run) { return run->name() == runs[0]->name(); });
}

static bool all_differ(const std::vector<std::string>& words) {
  return std::set<std::string>(words.begin(), words.end()).size() == words.size();
}

std::vector<std::string> labels_of(const std::vector<const LiveRun*>& runs) {
  const bool named = runs.size() == 1 || !one_experiment(runs);
  std::vector<std::string> names, labels, with_time, folders;
  for (const LiveRun* run : runs) {
    names.push_back(run->name());
    labels.push_back(fmt::format("{}{}seed {}", named ? run->name() : "", named ? dot : "", run->seed()));
    with_time.push_back(labels.back() + dot + run->folder().parent_path().filename().string());
    folders.push_back(run->folder().string());
  }
  if (runs.size() > 1 && all_differ(names)) return names;
  return all_differ(labels) ? labels : all_differ(with_time) ? with_time : folders;
}

std::string title_of(const std::vector<const LiveRun*>& runs) {
  const bool shared = runs.size() > 1 && one_experiment(runs);
  return fmt::format("{}{}{}", shared ? runs[0]->name() : "", shared ? dot : "",
                     fmt::join(labels_of(runs), " and "));
}

}  // namespace render
