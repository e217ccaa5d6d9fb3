#include "core/shown.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <streambuf>

namespace core {

namespace {

struct Point {
  char32_t value = 0xFFFD;
  size_t bytes = 1;  // that it takes
  bool valid = false;
};

// The code point at the beginning (RFC 3629): no overlong forms, surrogates or numbers beyond Unicode.
Point first_point(std::string_view text) {
  static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t value = lead & (0x7Fu >> length);
  for (size_t k = 1; k < length; ++k) {
    const auto next = static_cast<unsigned char>(text[k]);
    if ((next & 0xC0) != 0x80) return {};
    value = value << 6 | (next & 0x3Fu);
  }
  const bool sound = value >= least[length] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return sound ? Point{value, length, true} : Point{};
}

bool is_control(char32_t c) {
  const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || turns;
}

bool is_plain(char32_t c, Breaks breaks) {
  return !is_control(c) || (breaks == Breaks::kept && (c == '\n' || c == '\t'));
}

std::string escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  return c < 0x100 ? fmt::format("\\x{:02x}", static_cast<uint32_t>(c))
                   : fmt::format("\\u{:04x}", static_cast<uint32_t>(c));
}

}  // namespace

std::string shown(std::string_view text, Breaks breaks) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Point point = first_point(text);
    if (!point.valid)
      safe += "\uFFFD";
    else if (is_plain(point.value, breaks))
      safe += text.substr(0, point.bytes);
    else
      safe += escaped(point.value);
    text.remove_prefix(point.bytes);
  }
  return safe;
}

std::string shown_start(std::string_view text, size_t most) {
  if (text.size() <= most) return shown(text);
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return shown(text.substr(0, end)) + "...";
}

std::optional<size_t> unprintable(std::string_view text, Breaks breaks) {
  for (size_t at = 0; at < text.size();) {
    const Point point = first_point(text.substr(at));
    if (!point.valid || !is_plain(point.value, breaks)) return at;
    at += point.bytes;
  }
  return std::nullopt;
}

namespace {

// Line by line into another buffer; what has no end yet waits for it, or for a flush.
class Guard : public std::streambuf {
 public:
  explicit Guard(std::streambuf* to) : to_(to) {}

 private:
  int overflow(int letter) override {
    if (letter == traits_type::eof()) return sync();
    line_ += traits_type::to_char_type(letter);
    return letter == '\n' ? sync() : 0;
  }
  int sync() override {
    const std::string safe = shown(line_, Breaks::kept);
    line_.clear();
    to_->sputn(safe.data(), static_cast<std::streamsize>(safe.size()));
    return to_->pubsync();
  }

  std::streambuf* to_;
  std::string line_;
};

}  // namespace

void guard_terminal() {
  // Never destroyed: the streams are flushed after all else.
  static Guard &out = *new Guard(std::cout.rdbuf()), &errors = *new Guard(std::cerr.rdbuf());
  if (::isatty(STDOUT_FILENO)) std::cout.rdbuf(&out);
  if (::isatty(STDERR_FILENO)) std::cerr.rdbuf(&errors);
}

}  // namespace core
