#include "training/data/file.h"

#include <fmt/format.h>

namespace training::data {

std::string absent(const std::filesystem::path& file, const std::string& kind) {
  const std::string begin =
      file.is_absolute() ? "" : fmt::format(", looked for in {}", std::filesystem::current_path().string());
  return fmt::format("{}: no such {}{}", file.string(), kind, begin);
}

}  // namespace training::data
