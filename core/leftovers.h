// Files and folders that are there for a while, and go with whoever made them: also where a signal ends the
// program, and after SIGKILL with the next program that makes one in the same place.
#pragma once

#include <filesystem>
#include <string>

namespace core {

// "HOST-PROCESS", the end of a name that says whose leftover it is.
std::string owner_mark();

// Removes what processes of this host that have ended left in `folder`: files NAME.MARK-N.part, and this
// user's folders atelier.MARK-N. Once for each folder.
void clear_abandoned(const std::filesystem::path& folder);

// While it lives, a signal that nobody else listens to takes `path`, a file or a folder, away with the
// program.
class Leftover {
 public:
  explicit Leftover(const std::filesystem::path& path);
  Leftover(const Leftover&) = delete;
  Leftover& operator=(const Leftover&) = delete;
  ~Leftover();

 private:
  std::string path_;
};

}  // namespace core
