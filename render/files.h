// Files at once, and folders that go away.
#pragma once

#include <filesystem>
#include <string>

namespace render {

// The whole file; "" when it cannot be read.
std::string contents(const std::filesystem::path& file);

// A fresh folder of the system's temporary one, gone with its owner. Error when none can be made.
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
};

}  // namespace render
