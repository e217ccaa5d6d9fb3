// When a file was written last and how long it is: what tells that somebody has gone on writing it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace render {

struct Stamp {
  std::filesystem::file_time_type written{};
  uintmax_t bytes = 0;
  bool operator==(const Stamp&) const = default;
};

// Of a file that is not there: Stamp{}.
inline Stamp stamp_of(const std::filesystem::path& file) {
  std::error_code gone;
  const Stamp now{std::filesystem::last_write_time(file, gone), std::filesystem::file_size(file, gone)};
  return gone ? Stamp{} : now;
}

}  // namespace render
