// UTF-8 as in RFC 3629.
#include "core/formats/text.h"

#include <algorithm>

#include "core/error.h"
#include "core/formats/data_file.h"
#include "core/path.h"

namespace core::formats {

namespace fs = std::filesystem;

namespace {

// Bytes of the code point that begins with `lead`; 0 where none does.
size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Overlong forms, surrogates and numbers beyond Unicode are none.
bool is_valid(char32_t point, size_t length) {
  static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return point >= least[length] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

std::string read_all(const fs::path& file) {
  constexpr uint64_t most = 4'000'000'000;  // bytes
  return read_file(file, "a text file", most);
}

// Without a byte order mark; CR LF and CR become LF. Of code points or of bytes.
template <class String>
String plain(const String& text, const String& mark) {
  String out;
  out.reserve(text.size());
  for (size_t i = text.starts_with(mark) ? mark.size() : 0; i < text.size(); ++i)
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  return out;
}

std::string returns_note(const fs::path& path, int64_t returns) {
  if (returns == 0) return "";
  return fmt::format("data: {}: {} line ends in CR LF or CR are read as LF", path.string(), returns);
}

}  // namespace

// Lines are counted here alone: for each letter it would take as long as the square of the text.
[[noreturn]] static void no_utf8(const std::string& bytes, size_t at, const std::string& where) {
  fail("{}: byte {} (0x{:02X}) in line {} is not UTF-8", where, at + 1, static_cast<unsigned char>(bytes[at]),
       1 + std::count(bytes.begin(), bytes.begin() + std::ptrdiff_t(at), '\n'));
}

std::u32string code_points(const std::string& bytes, const std::string& where) {
  std::u32string points;
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const size_t length = length_of(lead);
    char32_t point = length < 2 ? lead : lead & (0x7F >> length);
    bool valid = length > 0 && i + length <= bytes.size();
    for (size_t k = 1; valid && k < length; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + k]);
      valid = (next & 0xC0) == 0x80;
      point = point << 6 | (next & 0x3F);
    }
    if (!valid || !is_valid(point, length)) no_utf8(bytes, i, where);
    points += point;
    i += length;
  }
  return points;
}

std::string utf8(char32_t point) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (point < 0x80) return {byte(point)};
  const char last = byte(0x80 | (point & 0x3F));
  if (point < 0x800) return {byte(0xC0 | point >> 6), last};
  const char third = byte(0x80 | (point >> 6 & 0x3F));
  if (point < 0x10000) return {byte(0xE0 | point >> 12), third, last};
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), third, last};
}

std::vector<fs::path> text_files(const fs::path& path) {
  std::error_code error;
  check(fs::status(path, error).type() != fs::file_type::not_found,
        "data: {} (fortunes are Debian's package `fortunes`; data.file names another text)",
        absent(path, "file or folder"));
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    const bool hidden = entry.path().filename().string().front() == '.';
    if (entry.is_regular_file() && !entry.is_symlink() && !hidden && ending(entry.path()) != ".dat")
      files.push_back(entry.path());
  }
  check(!files.empty(), "data: {}: the folder holds no text files", path.string());
  std::sort(files.begin(), files.end());
  return files;
}

std::u32string read_text(const fs::path& path, std::string& note) {
  std::u32string text;
  int64_t returns = 0;
  for (const auto& file : text_files(path)) {
    const std::u32string raw = code_points(read_all(file), "data: " + file.string());
    returns += std::count(raw.begin(), raw.end(), U'\r');
    text += plain<std::u32string>(raw, U"\uFEFF");
  }
  note = returns_note(path, returns);
  return text;
}

std::string read_bytes(const fs::path& path, std::string& note) {
  std::string text;
  int64_t returns = 0;
  for (const auto& file : text_files(path)) {
    const std::string raw = read_all(file);
    returns += std::count(raw.begin(), raw.end(), '\r');
    text += plain<std::string>(raw, "\xEF\xBB\xBF");
  }
  note = returns_note(path, returns);
  return text;
}

}  // namespace core::formats
