#include "core/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

namespace core {

bool is_live(int file) {
  const char* kind = std::getenv("TERM");
  return ::isatty(file) != 0 && (!kind || std::string(kind) != "dumb");
}

size_t width_of(int file) {
  winsize size{};
  return ::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string fitted(const std::string& first, std::vector<std::string> extras, const std::string& last,
                   size_t columns) {
  const auto line = [&] {
    std::string text = first;
    for (const std::string& extra : extras) text += " | " + extra;
    return last.empty() ? text : text + " | " + last;
  };
  while (!extras.empty() && line().size() >= columns) extras.pop_back();
  if (line().size() < columns) return line();
  if (first.size() < columns) return first;
  const size_t words = first.find_first_not_of(' ');
  return first.substr(0, first.find("  ", words)).substr(0, columns - 1);
}

size_t lasting_width_of(int file) { return is_live(file) ? width_of(file) : std::string::npos; }

std::string in_lines(const std::vector<std::string>& parts, size_t columns, const std::string& between) {
  std::string text;
  size_t begin = 0;  // of its last line
  for (const std::string& part : parts) {
    if (text.empty())
      text = part;
    else if (text.size() - begin + between.size() + part.size() < columns)
      text += between + part;
    else {
      begin = text.size() + 1;
      text += "\n  " + part;
    }
  }
  return text;
}

std::string clock(double seconds) {
  const auto s = std::llround(seconds);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace core
