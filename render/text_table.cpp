// Columns as wide as their widest cell.
#include "render/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace render {

static size_t letters(const std::string& words) {
  return static_cast<size_t>(
      std::count_if(words.begin(), words.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows)
    for (size_t k = 0; k < row.size(); ++k) {
      widths.resize(std::max(widths.size(), k + 1));
      widths[k] = std::max(widths[k], letters(row[k]));
    }
  const auto words = [&](size_t k) {  // a column of words stands left, one of numbers right
    const bool filled = rows.size() > 1 && rows[1].size() > k && !rows[1][k].empty();
    return k == 0 || (filled && std::isalpha(static_cast<unsigned char>(rows[1][k][0])));
  };
  for (size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (size_t k = 0; k < rows[r].size(); ++k) {
      const std::string gap(widths[k] - letters(rows[r][k]), ' ');
      line += (k == 0 ? "" : "  ") + (words(k) ? rows[r][k] + gap : gap + rows[r][k]);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    if (r > 0 || rows.size() == 1) continue;
    size_t width = 0;
    for (const size_t w : widths) width += w + 2;
    for (size_t k = 2; k < width; ++k) out << "\u2500";
    out << '\n';
  }
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if ((value == std::round(value) || std::abs(value) >= 1000) && std::abs(value) < 1e7)
    return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

std::string short_count(int64_t count) {
  const auto value = static_cast<double>(count);
  if (count >= 10'000'000) return fmt::format("{:.0f}M", value / 1e6);
  if (count >= 1'000'000) return fmt::format("{:.1f}M", value / 1e6);
  return count >= 10'000 ? fmt::format("{:.0f}k", value / 1e3) : std::to_string(count);
}

std::string short_interval(const Interval& interval) {
  if (interval.n == 0) return "-";
  const bool tells = interval.n >= fewest_seeds && std::isfinite(interval.high - interval.low);
  if (!tells) return short_number(interval.value);
  return fmt::format("{} [{}, {}]", short_number(interval.value), short_number(interval.low),
                     short_number(interval.high));
}

std::string short_time(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) return seconds < 10 ? fmt::format("{:.1f} s", seconds) : fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace render
