#include "tests/fuzz/held.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace tests::fuzz {

namespace {

constexpr int place = 900;  // the descriptor: its number is part of the name

void succeeded(bool success) {
  if (!success) throw std::runtime_error("no file in memory");
}

}  // namespace

Held::Held(Bytes bytes) {
  const int file = ::memfd_create("held", MFD_CLOEXEC);
  succeeded(file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  const std::array<timespec, 2> long_ago{timespec{1, 0}, timespec{1, 0}};
  succeeded(::futimens(file, long_ago.data()) == 0 && ::dup3(file, place, O_CLOEXEC) == place);
  ::close(file);
}

Held::~Held() { ::close(place); }

const std::filesystem::path& Held::path() const {
  static const std::filesystem::path path = "/proc/self/fd/" + std::to_string(place);
  return path;
}

HeldFolder::HeldFolder(const std::string& name) {
  const std::filesystem::path link = scratch_ / name;
  std::filesystem::create_directories(link.parent_path());
  std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(place), link);
}

}  // namespace tests::fuzz
