// A run's file that may still be written: looked at again only when it has changed, never kept open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/run_log.h"
#include "render/stamp.h"

namespace render {

class LiveRun {
 public:
  using Read = std::function<void(const core::RunFile&)>;  // changes nothing when it throws

  // Waits for a writer in the middle of a flush. Error when there is no run, or none that can be read.
  LiveRun(std::filesystem::path folder, const Read& read);

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& name() const { return name_; }  // of the experiment; the folder's when it has none
  const std::string& seed() const { return seed_; }

  // Now, in one attempt; false while the file is torn or gone.
  bool read(const Read& read) const;
  // Only when the file has changed since the last time that this or the constructor succeeded.
  bool reread(const Read& read);
  // The next reread reads, changed or not.
  void forget() { seen_ = {}; }

 private:
  Stamp stamp() const { return stamp_of(folder_ / "run.h5"); }

  std::filesystem::path folder_;
  std::string name_, seed_;
  Stamp seen_;
};

// What sets each apart from the others: its name, of one experiment's runs "seed 0"; of a single run both.
std::vector<std::string> labels_of(const std::vector<const LiveRun*>& runs);
// All in one line, what they share said once.
std::string title_of(const std::vector<const LiveRun*>& runs);

}  // namespace render
