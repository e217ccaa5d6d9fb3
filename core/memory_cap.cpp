#include "core/memory_cap.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "core/memory.h"

namespace core {

// Bytes of a line of /proc/self/status or of /proc/meminfo, which counts in kB; 0 where there is none.
static uint64_t bytes_in(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string key; lines >> key;)
    if (uint64_t kilobytes = 0; key == name && lines >> kilobytes) return kilobytes * 1024;
  return 0;
}

void cap_memory() {
  constexpr uint64_t least = 1'000'000'000;
  const auto available = available_memory();
  if (!available) return;
  const uint64_t held = bytes_in("/proc/self/status", "VmData:"),
                 swap = bytes_in("/proc/meminfo", "SwapFree:");
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, held + std::max(*available + swap, least));
  ::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace core
