#include "core/disk_space.h"

#include "core/error.h"

namespace core {

void require_space(const std::filesystem::path& folder, uint64_t bytes) {
  static constexpr uint64_t reserve = 1 << 20;  // for the last words of the run file
  std::error_code unknown;
  const auto space = std::filesystem::space(folder, unknown);
  if (!unknown && space.available < bytes + reserve)
    throw Error(fmt::format("{}: {} more bytes are needed and {} are left on the disk (disk full?)",
                            folder.string(), bytes + reserve, space.available),
                Exit::failed);
}

}  // namespace core
