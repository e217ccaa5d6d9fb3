// Files that are there whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <vector>

#include "core/leftovers.h"

namespace core {

// What is written beside `file` and takes its name in the end; gone with its owner before that. It is opened
// exclusively: nothing that lies there, a symbolic link least of all, is written through. What is no plain
// file, such as /dev/stdout, is written as it is.
class WholeFile {
 public:
  // Error with the system's reason.
  explicit WholeFile(std::filesystem::path file);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile();

  // For libraries that open files themselves.
  const std::filesystem::path& draft() const { return draft_; }
  std::ostream& out();
  // Error(failed) where not all could be written.
  void finish();  // what went to out() is in the draft
  void keep();    // and the draft in its place

 private:
  bool is_direct() const { return draft_ == file_; }

  std::filesystem::path file_, draft_;
  std::optional<Leftover> leftover_;
  std::ofstream out_;
  bool kept_ = false;
};

// A folder for files to come, and those above it. What was made goes again with its owner where it is empty.
class MadeFolder {
 public:
  // Error with the system's reason.
  explicit MadeFolder(const std::filesystem::path& folder);
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;
  ~MadeFolder();

 private:
  std::vector<std::filesystem::path> made_;  // from the innermost
};

void write_whole(const std::filesystem::path& file, std::string_view bytes);

}  // namespace core
