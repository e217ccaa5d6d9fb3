// Files at once, folders that go away, programs that may be missing.
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

// Whether the shell finds a program of this name.
bool is_installed(const std::string& program);

}  // namespace render
