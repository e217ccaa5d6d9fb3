// From cells to numbers and classes.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>

#include "core/error.h"
#include "core/formats/csv.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/shown.h"

namespace core::formats {
namespace {

std::optional<double> number_in(const std::string& text) {
  const bool plus = text.starts_with('+');
  const char *begin = text.data() + (plus ? 1 : 0), *last = text.data() + text.size();
  double value = 0;
  const auto [end, error] = std::from_chars(begin, last, value);
  if (begin == last || (plus && *begin == '-') || error != std::errc() || end != last ||
      !std::isfinite(value))
    return {};
  return value;
}

// Digits as the rest of this file reads them: with a decimal point. With a decimal comma a point is none.
std::string pointed(std::string text, const CsvFormat& format) {
  if (!format.decimal_comma) return text;
  if (text.find('.') != std::string::npos) return "." + text;  // ..: no number
  if (const size_t comma = text.find(','); comma != std::string::npos) text[comma] = '.';
  return text;
}

// How a number is told from others: alike for 1, +1, 01 and 1.0, without loss for the longest of ids.
std::string canonical(std::string text) {
  if (text.find_first_of("eE") != std::string::npos) return fmt::format("{}", *number_in(text));
  const std::string sign = text.starts_with('-') ? "-" : "";
  text.erase(0, text.find_first_not_of("+-"));
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text.empty() ? "0" : sign + text;
}

constexpr double largest_whole = 1 << 24;    // float32 holds every whole number up to it
constexpr double largest_exact = 1LL << 53;  // float64 does
using Float = std::numeric_limits<float>;

// Why digits are no number: they are none, or lie beyond what float64 holds.
std::string no_number(const std::string& text) {
  const char *begin = text.data() + (text.starts_with('+') ? 1 : 0), *last = text.data() + text.size();
  double value = 0;
  const auto [end, error] = std::from_chars(begin, last, value);
  if (error != std::errc::result_out_of_range || end != last) return "expected a finite number";
  const bool large = std::abs(std::strtod(begin, nullptr)) > 1;
  return large ? "the number is too large" : "the number is too small, and not 0";
}

// Whether digits say a whole number that float64 does not hold.
bool is_rounded(const std::string& text, double value) {
  return std::abs(value) >= largest_exact && text.find_first_of("eE") == std::string::npos &&
         canonical(text) != fmt::format("{:.0f}", value);
}

// What is wrong with a number, or nothing. One that is not scaled is given to a learner as it stands, as
// float32.
std::string fault(const std::string& text, std::optional<double> value, bool to_be_scaled) {
  if (!value) return no_number(text);
  const double size = std::abs(*value);
  if (size > double(Float::max())) return "the number is too large: float32 ends at 3.4e38";
  if (is_rounded(text, *value)) return "float64 holds whole numbers up to 2^53 without loss";
  if (to_be_scaled) return "";
  if (size > 0 && size < double(Float::min()))
    return "the number is too small for float32, and not 0 (data.standardise: true would scale it)";
  const bool loses = std::trunc(size) == size && double(float(size)) != size;
  return size > largest_whole && loses
             ? "float32 holds whole numbers up to 2^24 without loss (data.standardise: true would scale them)"
             : "";
}

bool all_numbers(const std::vector<std::string>& names, const CsvFormat& format) {
  return std::all_of(names.begin(), names.end(),
                     [&](auto& n) { return number_in(pointed(n, format)).has_value(); });
}

// What two names of one class have in common: numbers their value.
std::string key_of(const std::string& name, const CsvFormat& format) {
  const std::string digits = pointed(name, format);
  return number_in(digits) ? canonical(digits) : name;
}

// Where a whole line is one column, what it might be parted by.
std::string other_separator(const CsvTable& table) {
  if (table.header.size() != 1) return "";
  for (const auto& [separator, name] : {std::pair{';', "semicolon"}, {',', "comma"}})
    if (separator != table.format.separator && table.header[0].find(separator) != std::string::npos)
      return fmt::format("; its header is one column: try data.separator: {}", name);
  return "";
}

}  // namespace

size_t column_of(const CsvTable& table, const std::string& name, const char* option) {
  const auto found = std::find(table.header.begin(), table.header.end(), name);
  check(found != table.header.end(), "{}: no column '{}' (data.{}){}{}", table.file, name, option,
        suggestion(name, table.header), other_separator(table));
  return size_t(found - table.header.begin());
}

void require_room(const CsvTable& table, size_t columns) {
  const double numbers = double(table.lines.size()) * double(columns);
  const std::string what =
      fmt::format("data: {}: {} rows of {} numbers", table.file, table.lines.size(), columns);
  foresee_memory(3 * 8 * numbers, what + ", held thrice while some are set aside,");
  require_memory(4 * numbers, what);
}

bool is_missing(const std::string& cell) {
  if (cell.size() > 4) return false;
  std::string lower;
  for (const char c : cell) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* word : {"", "na", "n/a", "nan", "null", "none", "?"})
    if (lower == word) return true;
  return false;
}

int64_t read_numbers(const CsvTable& table, const std::vector<size_t>& columns, bool to_be_scaled,
                     double* out, bool missing_allowed) {
  int64_t missing = 0;
  for (const auto& line : table.lines)
    for (const size_t c : columns) {
      const std::string text = pointed(line.cells[c].text, table.format);
      if (missing_allowed && is_missing(text)) {
        *out++ = std::numeric_limits<double>::quiet_NaN();
        ++missing;
        continue;
      }
      const auto value = number_in(text);
      if (const std::string why = fault(text, value, to_be_scaled); !why.empty())
        fail("{}{}{}, found '{}'", table.where(line, c), why,
             table.format.decimal_comma && !value ? " with a decimal comma" : "",
             shown_start(line.cells[c].text));
      *out++ = *value;
    }
  return missing;
}

std::vector<std::string> class_names(const CsvTable& table, size_t column) {
  std::map<std::string, std::string> shortest;  // by key
  for (const auto& line : table.lines) {
    const std::string& name = line.cells[column].text;
    check(!name.empty(), "{}expected a class, found nothing", table.where(line, column));
    if (name.size() > 20 || !shortest.contains(name)) check_csv_name(name, table.where(line, column));
    std::string& kept = shortest.try_emplace(key_of(name, table.format), name).first->second;
    if (std::pair(name.size(), name) < std::pair(kept.size(), kept)) kept = name;
  }
  std::vector<std::string> sorted;
  sorted.reserve(shortest.size());
  for (const auto& [key, name] : shortest) sorted.push_back(name);
  if (all_numbers(sorted, table.format)) {
    const auto key = [&](auto& n) {
      const std::string digits = pointed(n, table.format);
      return std::pair(*number_in(digits), canonical(digits));
    };
    std::sort(sorted.begin(), sorted.end(), [&](auto& a, auto& b) { return key(a) < key(b); });
  } else {
    std::sort(sorted.begin(), sorted.end());
  }
  check(sorted.size() >= 2 && sorted.size() <= 1000,
        "{}: column '{}' has {} different values: expected 2 .. 1000 classes", table.file,
        table.header[column], sorted.size());
  return sorted;
}

std::vector<int64_t> class_numbers(const CsvTable& table, size_t column,
                                   const std::vector<std::string>& names) {
  std::map<std::string, int64_t> number_of;
  for (const auto& name : names) number_of.emplace(key_of(name, table.format), int64_t(number_of.size()));
  std::vector<int64_t> classes;
  for (const auto& line : table.lines)
    classes.push_back(number_of.at(key_of(line.cells[column].text, table.format)));
  return classes;
}

}  // namespace core::formats
