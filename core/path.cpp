#include "core/path.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "core/error.h"
#include "core/memory.h"

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
  check(!missing, "{}: {} (TMPDIR names it as the folder for temporary files)",
        !named   ? "/tmp"
        : *named ? named
                 : "''",
        missing.message());
  return folder;
}

void require_file(const std::filesystem::path& file, const std::string& expected) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const fs::file_status status = fs::status(file, unknown);
  check(status.type() != fs::file_type::not_found, "{}: no such file", file.string());
  check(status.type() != fs::file_type::none, "{}: {}", file.string(), unknown.message());
  check(!fs::is_directory(status), "{}: is a folder, expected {}", file.string(), expected);
  check(fs::is_regular_file(status), "{}: is a pipe or a device, expected {}", file.string(), expected);
}

std::string read_file(const std::filesystem::path& file, const std::string& expected, uint64_t most) {
  require_file(file, expected);
  const std::unique_ptr<FILE, int (*)(FILE*)> in(std::fopen(file.c_str(), "rb"), std::fclose);
  check(in != nullptr, "{}: cannot be read", file.string());
  std::string text;
  std::vector<char> piece(1 << 16);
  while (const size_t n = std::fread(piece.data(), 1, piece.size(), in.get())) {
    text.append(piece.data(), n);
    check(text.size() <= most, "{}: takes more than {}, expected {}", file.string(), print_bytes(most),
          expected);
  }
  check(std::ferror(in.get()) == 0, "{}: cannot be read", file.string());
  return text;
}

void require_no_special(const std::filesystem::path& file) {
  struct stat found {};
  if (::lstat(file.c_str(), &found) != 0) return;
  check(S_ISREG(found.st_mode) || S_ISLNK(found.st_mode), "{}: is in the way: no file, but a {}",
        file.string(), S_ISDIR(found.st_mode) ? "folder" : "pipe or a device");
}

void require_own(const std::filesystem::path& file) {
  struct stat found {};
  if (::lstat(file.c_str(), &found) != 0) return;  // whoever opens it says why
  const char* advice = "a run is written in files of its own: put a copy in its place";
  check(!S_ISLNK(found.st_mode), "{}: is a link, and {}", file.string(), advice);
  check(!S_ISREG(found.st_mode) || found.st_nlink <= 1, "{}: is a file that has {} names, and {}",
        file.string(), found.st_nlink, advice);
}

std::string message(const std::filesystem::filesystem_error& error) {
  return error.path1().string() + ": " + error.code().message();
}

}  // namespace core
