#include "core/formats/data_file.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/path.h"

namespace core::formats {

std::string absent(const std::filesystem::path& file, const std::string& kind) {
  const std::string begin =
      file.is_absolute() ? "" : fmt::format(", looked for in {}", std::filesystem::current_path().string());
  return fmt::format("{}: no such {}{}", file.string(), kind, begin);
}

void require_data(const std::filesystem::path& file, const std::string& expected) {
  std::error_code unknown;
  const bool found = std::filesystem::status(file, unknown).type() != std::filesystem::file_type::not_found;
  check(found, "{}", absent(file));
  core::require_file(file, expected);
}

void require_end(gzFile_s* gz, const std::filesystem::path& file) {
  int error = Z_OK;
  gzerror(gz, &error);
  check(error == Z_OK || error == Z_STREAM_END, "{}: truncated or damaged .gz", file.string());
}

}  // namespace core::formats
