#include "tests/faults/plan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace faults {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv((std::string("ATELIER_FAULTS_") + name).c_str());
  return value != nullptr ? value : "";
}

template <class T, size_t N>
T named(const std::array<std::pair<const char*, T>, N>& table, const std::string& name, T otherwise) {
  for (const auto& [known, value] : table)
    if (name == known) return value;
  return otherwise;
}

Plan read_plan() {
  constexpr std::array errors{std::pair("ENOSPC", ENOSPC), std::pair("EDQUOT", EDQUOT), std::pair("EIO", EIO),
                              std::pair("EROFS", EROFS)};
  constexpr std::array ways{std::pair("once", How::once), std::pair("on", How::on),
                            std::pair("half", How::half), std::pair("killed", How::killed),
                            std::pair("torn", How::torn)};
  return {variable("BELOW"),
          variable("COUNT"),
          std::atoll(variable("AT").c_str()),
          std::atoll(variable("CLOCK").c_str()),
          named(errors, variable("ERROR"), EIO),
          named(ways, variable("HOW"), How::counted)};
}

std::atomic<int64_t>& calls() {
  static std::atomic<int64_t> count = 0;
  return count;
}

const struct AtTheEnd {
  ~AtTheEnd() { write_count(); }
} at_the_end;

bool is_below(const char* path) {
  const std::string& folder = plan().below;
  return !folder.empty() && std::strncmp(path, folder.c_str(), folder.size()) == 0 &&
         (path[folder.size()] == '/' || path[folder.size()] == '\0');
}

Plan& held() {  // never destroyed: the last calls come after everything
  static Plan* const one = new Plan(read_plan());
  return *one;
}

}  // namespace

const Plan& plan() { return held(); }

// Not through what is interposed: the count lies elsewhere.
void write_count() {
  if (plan().count.empty()) return;
  if (FILE* out = std::fopen(plan().count.c_str(), "we")) {
    std::fprintf(out, "%lld\n", static_cast<long long>(calls().load()));
    std::fclose(out);
  }
}

void read_plan_again() { held() = read_plan(); }

bool is_meant(int file) {
  if (plan().below.empty()) return false;
  struct stat there {};
  std::array<char, PATH_MAX> path{};
  std::array<char, 64> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  return ::fstat(file, &there) == 0 && S_ISREG(there.st_mode) &&
         ::readlink(link.data(), path.data(), path.size() - 1) > 0 && is_below(path.data());
}

// Of a file that need not be there: its folder is looked up.
bool is_meant(const char* name) {
  if (plan().below.empty() || name == nullptr) return false;
  std::string folder(name);
  const size_t slash = folder.rfind('/');
  folder = slash == std::string::npos ? "." : folder.substr(0, slash == 0 ? 1 : slash);
  std::array<char, PATH_MAX> whole{};
  return ::realpath(folder.c_str(), whole.data()) != nullptr && is_below(whole.data());
}

static int64_t half_of(const Half& half) { return half.write != nullptr ? half.write(half.call) : -1; }

Verdict judge(const Half& half) {
  const Plan& p = plan();
  const int64_t n = ++calls();
  if (p.how == How::counted || n < p.at) return {};
  if (n > p.at) return {p.how == How::on || p.how == How::half ? p.error : 0};
  if (p.how == How::torn) half_of(half);
  if (p.how == How::killed || p.how == How::torn) ::raise(SIGKILL);
  if (p.how == How::half)
    if (const int64_t written = half_of(half); written > 0) return {0, written};
  return {p.error};
}

}  // namespace faults
