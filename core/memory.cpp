#include "core/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <optional>

#include "core/error.h"

namespace core {

// What a limit to the address space (ulimit -v) leaves; the most there is where it is none.
static uint64_t left_by_limit() {
  constexpr uint64_t all = std::numeric_limits<uint64_t>::max();
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return all;
  uint64_t pages = 0;
  if (!(std::ifstream("/proc/self/statm") >> pages)) return all;
  const uint64_t used = pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

std::optional<uint64_t> available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string key; info >> key;)
    if (uint64_t kilobytes = 0; key == "MemAvailable:" && info >> kilobytes)
      return std::min(kilobytes * 1024, left_by_limit());
  return std::nullopt;
}

std::string print_bytes(uint64_t bytes) {
  static constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  for (; amount >= 1000 && unit + 1 < units.size(); ++unit) amount /= 1000;
  return fmt::format("{:.3g} {}", amount, units[unit]);
}

namespace {

struct Plan {
  bool open = false;
  std::optional<uint64_t> available;  // when it was opened: what it has asked for since may be in use
  double asked = 0;
};
thread_local Plan plan;

uint64_t whole(double bytes) {
  constexpr double most = 1e19;  // below 2^64
  return static_cast<uint64_t>(std::min(bytes, most));
}

}  // namespace

MemoryPlan::MemoryPlan() : outer_(!plan.open) {
  if (outer_) plan = {true, available_memory(), 0};
}

MemoryPlan::~MemoryPlan() {
  if (outer_) plan = {};
}

void foresee_memory(double bytes, const std::string& what) {
  const auto available = plan.open ? plan.available : available_memory();
  if (!available || bytes + plan.asked <= static_cast<double>(*available)) return;
  const std::string beside = plan.asked > 0 && bytes <= static_cast<double>(*available)
                                 ? fmt::format(", with all else {}", print_bytes(whole(bytes + plan.asked)))
                                 : "";
  fail("{} needs {}{} of memory, and {} are available", what, print_bytes(whole(bytes)), beside,
       print_bytes(*available));
}

void require_memory(double bytes, const std::string& what) {
  foresee_memory(bytes, what);
  if (plan.open) plan.asked += bytes;
}

void require_memory(uint64_t bytes, const std::string& what) {
  require_memory(static_cast<double>(bytes), what);
}

}  // namespace core
