// One process at a time writes in a folder of runs: two in one run would destroy its files.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace core {

// A process, as it names itself in a folder it writes in.
struct Writer {
  pid_t pid = 0;
  std::string host;
  std::string words() const;  // "process 12 on host"
};

Writer this_process();

// Held on the file .lock in the folder, by the kernel: it goes with the process, however that ends.
class FolderLock {
 public:
  // Makes the folder where there is none. Error that names who is writing in it, or why nothing can be.
  explicit FolderLock(std::filesystem::path folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  std::filesystem::path folder_;
  int file_ = -1;
};

// Error where another process writes in the folder, which need not be there.
void require_unlocked(const std::filesystem::path& folder);

// Where a file system has no locks (some network ones): the process that has signed .lock, if it seems to be
// alive. On this host that is asked of the kernel; elsewhere the run's heartbeat tells.
std::optional<Writer> apparent_writer(const std::filesystem::path& folder);

}  // namespace core
