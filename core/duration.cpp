#include "core/duration.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace core {

const char* unit_name(Unit unit) {
  static constexpr const char* names[] = {"run", "steps", "epochs", "samples", "env_steps", "minutes"};
  return names[static_cast<size_t>(unit)];
}

double parse_number(const std::string& text) {
  std::string digits = text;
  double factor = 1;
  if (!digits.empty() && (digits.back() == 'k' || digits.back() == 'K' || digits.back() == 'M')) {
    factor = digits.back() == 'M' ? 1e6 : 1e3;
    digits.pop_back();
  }
  if (digits == ".inf" || digits == "inf") return std::numeric_limits<double>::infinity();
  double number = 0;
  const char* first = digits.data() + (digits.size() > 1 && digits[0] == '+' ? 1 : 0);
  const auto [end, error] = std::from_chars(first, digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) throw std::invalid_argument(text);
  return number * factor;
}

std::string print_number(double number) {
  if (std::isinf(number)) return number > 0 ? ".inf" : "-.inf";
  if (std::floor(number) == number && std::abs(number) < 1e15) return fmt::format("{:.0f}", number);
  return fmt::format("{}", number);
}

}  // namespace core
