// Finds DejaVu Sans and measures it with FreeType's unhinted advances.
#include "render/font.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <cstdlib>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/error.h"

namespace render {

static std::vector<std::filesystem::path> places() {
  const char* home = std::getenv("HOME");
  const std::string user = home ? home : "";
  std::vector<std::filesystem::path> found;
  for (const std::string& folder :
       {std::string("/usr/share/fonts/truetype/dejavu"), std::string("/usr/share/fonts/dejavu"),
        std::string("/usr/share/fonts/dejavu-sans-fonts"), std::string("/usr/share/fonts/TTF"),
        std::string("/usr/local/share/fonts"), user + "/.local/share/fonts", user + "/.fonts"})
    found.emplace_back(folder + "/DejaVuSans.ttf");
  return found;
}

static std::filesystem::path search() {
  if (const char* given = std::getenv("ATELIER_FONT")) {
    if (std::filesystem::exists(given)) return given;
    core::fail("ATELIER_FONT names '{}', but no such file exists", given);
  }
  for (const auto& file : places())
    if (std::filesystem::exists(file)) return file;
  throw core::Error(
      "no font: DejaVuSans.ttf is in none of the usual folders; install fonts-dejavu-core "
      "(or let ATELIER_FONT name a .ttf file)",
      core::Exit::missing_package);
}

const std::filesystem::path& font_file() {
  static const std::filesystem::path file = search();
  return file;
}

namespace {

// Advances per em, looked up once per letter.
class Ruler {
 public:
  Ruler() {
    const bool opened =
        FT_Init_FreeType(&library_) == 0 && FT_New_Face(library_, font_file().c_str(), 0, &face_) == 0;
    core::check(opened, "{}: is no font that FreeType can read", font_file().string());
  }
  double advance(char32_t letter) {
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = advances_.try_emplace(letter, 0.0);
    if (fresh && FT_Load_Char(face_, letter, FT_LOAD_NO_SCALE) == 0)
      at->second = static_cast<double>(face_->glyph->advance.x) / face_->units_per_EM;
    return at->second;
  }

 private:
  std::mutex mutex_;
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
  std::unordered_map<char32_t, double> advances_;
};

// One letter of UTF-8 from `at` on; malformed bytes count as one letter each.
char32_t next_letter(std::string_view words, size_t& at) {
  const auto lead = static_cast<unsigned char>(words[at++]);
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  char32_t letter = more == 0 ? lead : lead & (0x3fu >> more);
  for (int k = 0; k < more && at < words.size() && (words[at] & 0xc0) == 0x80; ++k)
    letter = (letter << 6) | (static_cast<unsigned char>(words[at++]) & 0x3fu);
  return letter;
}

Ruler& ruler() {
  static Ruler the_one;
  return the_one;
}

}  // namespace

double text_width(std::string_view words, double height) {
  double em = 0;
  for (size_t at = 0; at < words.size();) em += ruler().advance(next_letter(words, at));
  return em * height / capital;
}

std::string shorten(std::string_view words, double height, double width) {
  if (text_width(words, height) <= width) return std::string(words);
  static constexpr std::string_view ellipsis = "\u2026";
  double left = width - text_width(ellipsis, height);
  size_t end = 0;
  for (size_t at = 0; at < words.size(); end = at) {
    left -= ruler().advance(next_letter(words, at)) * height / capital;
    if (left < 0) break;
  }
  return std::string(words.substr(0, end)) + std::string(ellipsis);
}

std::string shorten_before(std::string_view words, std::string_view end, double height, double width) {
  const double left = width - text_width(end, height);
  return left > 0 ? shorten(words, height, left) + std::string(end) : shorten(end, height, width);
}

}  // namespace render
