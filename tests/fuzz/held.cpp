#include "tests/fuzz/held.h"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace tests::fuzz {

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    const std::filesystem::path shared = "/dev/shm", memory = std::filesystem::is_directory(shared)
                                                                  ? shared
                                                                  : std::filesystem::temp_directory_path();
    std::string name = (memory / "atelier-fuzz-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

const std::filesystem::path& held_folder() {
  static const Folder folder;
  return folder.path;
}

Held::Held(Bytes bytes, const std::string& name) : path_(held_folder() / name) {
  int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    std::filesystem::create_directories(path_.parent_path());
    file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  const bool whole = ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  const std::array<timespec, 2> long_ago{timespec{1, 0}, timespec{1, 0}};
  const bool rests = ::futimens(file, long_ago.data()) == 0;
  ::close(file);
  if (!whole || !rests) throw std::runtime_error("no file in memory");
}

Held::~Held() { ::unlink(path_.c_str()); }

void check_closed() {
  if (H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL) != 0) throw std::logic_error("an object was left open");
}

}  // namespace tests::fuzz
