// Bytes as files that lie in memory alone (/dev/shm), by names that any reader opens: nothing is written to a
// disk. libhdf5's own driver for memory is not the one that commands use.
#pragma once

#include <filesystem>
#include <string>

#include "tests/fuzz/targets.h"
#include "tests/scratch.h"

namespace tests::fuzz {

// A file as long as it lives, at rest for years: nobody waits for its writer.
class Held {
 public:
  // `name`: below a folder of this process, where there is one of that name at a time.
  explicit Held(Bytes bytes, const std::string& name = "file");
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The folder, gone with the process.
const std::filesystem::path& held_folder();

// What HDF5 files are made of by our own writers, as bytes.
template <class Write>
std::string written(Write write) {
  const Scratch scratch;
  write(scratch / "seed.h5");
  return bytes_of(scratch / "seed.h5");
}

// std::logic_error where a reader left an object of an HDF5 file open.
void check_closed();

}  // namespace tests::fuzz
