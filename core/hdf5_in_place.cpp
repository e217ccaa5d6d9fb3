#include "core/hdf5_in_place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "core/whole_file.h"

namespace core::h5 {

namespace fs = std::filesystem;

static int descriptor_of(const File& file) {
  void* held = nullptr;
  const bool found = H5Fget_vfd_handle(file.id(), H5P_DEFAULT, &held) >= 0 && held != nullptr;
  return found ? *static_cast<int*>(held) : -1;
}

bool is_in_place(const File& file) {
  struct stat held {
  }, there{};
  if (::fstat(descriptor_of(file), &held) != 0) return true;  // nobody knows
  return ::stat(file.name().c_str(), &there) == 0 && held.st_ino == there.st_ino &&
         held.st_dev == there.st_dev;
}

static void copy(int from, std::ostream& to) {
  std::array<char, 1 << 16> block{};
  off_t at = 0;
  for (ssize_t n = 0; (n = ::pread(from, block.data(), block.size(), at)) > 0; at += n)
    to.write(block.data(), n);
}

void put_back(File& file) {
  const fs::path name = file.name();
  const auto lost = [&](bool is, const char* why) {
    if (is) throw Error(fmt::format("{}: {} while the run was writing it", name.string(), why), Exit::failed);
  };
  lost(!fs::exists(fs::absolute(name).parent_path()), "was deleted with its folder");
  lost(fs::exists(fs::symlink_status(name)), "was replaced by another file");
  file.flush();
  WholeFile whole(name);
  copy(descriptor_of(file), whole.out());
  whole.keep();
}

}  // namespace core::h5
