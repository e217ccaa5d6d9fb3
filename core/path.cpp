#include "core/path.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "core/error.h"

namespace core {

std::string ending(const std::filesystem::path& file) {
  std::string text = file.extension().string();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

void check_ending(const std::filesystem::path& file, const std::string& option, const std::string& wanted) {
  check(file.empty() || ending(file) == wanted, "{} {}: expected an ending {}", option, file.string(),
        wanted);
}

bool is_one_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos &&
         text.find('\0') == std::string::npos;
}

std::string as_word(const std::filesystem::path& file) {
  return file.is_absolute() ? file.string() : (std::filesystem::path(".") / file).string();
}

std::filesystem::path temporary_folder() {
  std::error_code missing;
  std::filesystem::path folder = std::filesystem::temp_directory_path(missing);
  const char* named = std::getenv("TMPDIR");
  check(!missing, "{}: {} (TMPDIR names it as the folder for temporary files)", named ? named : "/tmp",
        missing.message());
  return folder;
}

std::string message(const std::filesystem::filesystem_error& error) {
  return error.path1().string() + ": " + error.code().message();
}

}  // namespace core
