#include "training/data/file.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/path.h"

namespace training::data {

std::string absent(const std::filesystem::path& file, const std::string& kind) {
  const std::string begin =
      file.is_absolute() ? "" : fmt::format(", looked for in {}", std::filesystem::current_path().string());
  return fmt::format("{}: no such {}{}", file.string(), kind, begin);
}

void require_data(const std::filesystem::path& file, const std::string& expected) {
  std::error_code unknown;
  const bool found = std::filesystem::status(file, unknown).type() != std::filesystem::file_type::not_found;
  core::check(found, "{}", absent(file));
  core::require_file(file, expected);
}

}  // namespace training::data
