// Files at once, and folders that go away.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/leftovers.h"

namespace render {

// The whole file; "" when it cannot be read.
std::string contents(const std::filesystem::path& file);

// A fresh folder of the system's temporary one, gone with its owner or with the program. Error when none can
// be made.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::optional<core::Leftover> leftover_;
};

}  // namespace render
