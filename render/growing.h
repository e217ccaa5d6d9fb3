// A file that somebody else may still be writing: it is opened again when it has changed.
#pragma once

#include <filesystem>
#include <memory>

#include "core/error.h"

namespace render {

template <class File>  // made from a path; core::Error when it cannot be read
class Growing {
 public:
  // `path` is what is opened, `watched` the file whose change tells. Error when it cannot be read.
  Growing(std::filesystem::path path, std::filesystem::path watched)
      : path_(std::move(path)),
        watched_(std::move(watched)),
        stamp_(stamp()),
        file_(std::make_unique<File>(path_)) {}
  explicit Growing(const std::filesystem::path& path) : Growing(path, path) {}

  // As it was at the last look. Error when that look met it torn or gone, and it still is.
  File& now() {
    if (!file_) file_ = std::make_unique<File>(path_);
    return *file_;
  }
  // Whether the file has changed since the last look and could be read. One that was met in the middle of a
  // write is left for the next look.
  bool look() {
    const Stamp seen = stamp();
    if (seen == stamp_) return false;
    file_.reset();  // HDF5 tells who opens a file twice what it knew at first
    try {
      now();
    } catch (const core::Error&) {
      return false;
    }
    stamp_ = seen;
    return true;
  }

 private:
  using Stamp = std::pair<std::filesystem::file_time_type, uintmax_t>;
  Stamp stamp() const {
    std::error_code gone;
    const auto size = std::filesystem::file_size(watched_, gone);
    return {gone ? std::filesystem::file_time_type{} : std::filesystem::last_write_time(watched_, gone),
            size};
  }

  std::filesystem::path path_, watched_;
  Stamp stamp_;
  std::unique_ptr<File> file_;
};

}  // namespace render
