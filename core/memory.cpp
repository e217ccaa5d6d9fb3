#include "core/memory.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "core/error.h"

namespace core {

// What Linux can hand out without swapping; nothing where it does not say.
static std::optional<uint64_t> available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string key; info >> key;)
    if (uint64_t kilobytes = 0; key == "MemAvailable:" && info >> kilobytes) return kilobytes * 1024;
  return std::nullopt;
}

std::string print_bytes(uint64_t bytes) {
  static constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  for (; amount >= 1000 && unit + 1 < units.size(); ++unit) amount /= 1000;
  return fmt::format("{:.3g} {}", amount, units[unit]);
}

void require_memory(uint64_t bytes, const std::string& what) {
  const auto available = available_memory();
  check(!available || bytes <= *available, "{} needs {} of memory, and {} are available", what,
        print_bytes(bytes), print_bytes(available.value_or(0)));
}

void require_memory(double bytes, const std::string& what) {
  constexpr double most = 1e19;  // below 2^64
  require_memory(static_cast<uint64_t>(std::min(bytes, most)), what);
}

}  // namespace core
