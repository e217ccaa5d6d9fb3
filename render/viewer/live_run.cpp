#include "render/viewer/live_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <thread>

#include "core/error.h"

namespace render {

static std::string name_in(const core::RunFile& file) {
  const std::string name = file.attribute("name"), seed = file.attribute("seed");
  const std::string shown = name.empty() ? file.folder().filename().string() : name;
  return seed.empty() ? shown : fmt::format("{}  \u00b7  seed {}", shown, seed);
}

// HDF5 shares what it knows of a file among all who have it open, so that only a file opened anew, by nobody
// else in this process, tells what was written since.
LiveRun::LiveRun(std::filesystem::path folder, const Read& read) : folder_(std::move(folder)) {
  for (int attempt = 0;; ++attempt) {
    seen_ = stamp();
    const core::RunFile file(folder_);  // waits by itself
    try {
      name_ = name_in(file);
      read(file);
      return;
    } catch (const core::Error&) {
      if (attempt == 10) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

LiveRun::Stamp LiveRun::stamp() const {
  std::error_code gone;
  const std::filesystem::path file = folder_ / "run.h5";
  const Stamp now{std::filesystem::last_write_time(file, gone), std::filesystem::file_size(file, gone)};
  return gone ? Stamp{} : now;
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

std::vector<std::string> names_of(const std::vector<const LiveRun*>& runs) {
  std::set<std::string> apart;
  for (const LiveRun* run : runs) apart.insert(run->name());
  std::vector<std::string> names;
  for (const LiveRun* run : runs) {
    const std::string time = run->folder().parent_path().filename().string();
    names.push_back(apart.size() == runs.size() ? run->name()
                                                : fmt::format("{}  \u00b7  {}", run->name(), time));
  }
  return names;
}

}  // namespace render
