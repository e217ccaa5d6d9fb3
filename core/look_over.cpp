#include "core/look_over.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>

#include "core/crash.h"
#include "core/error.h"
#include "core/journal.h"

namespace core {

namespace {

constexpr rlim_t seconds = 10,
                 memory = rlim_t{2} << 30;  // of processor time, and bytes beside what it begins with
constexpr int patience_ms = 60'000;         // of a disk

using Place = std::pair<dev_t, ino_t>;
using Moment = std::pair<int64_t, int64_t>;                      // seconds, nanoseconds
using State = std::array<std::tuple<off_t, Moment, Moment>, 2>;  // of a file and of its journal

struct Known {
  std::mutex guard;
  std::map<Place, State> seen;
  std::set<std::pair<Place, Moment>> made;  // with its birth: another file may get its inode
  int fearless = 0;
};

Known& known() {
  static Known all;
  return all;
}

Moment moment(const timespec& time) { return {time.tv_sec, time.tv_nsec}; }

// Zeros where it is not there.
State::value_type state_of(const std::filesystem::path& file) {
  struct stat now {};
  if (::stat(file.c_str(), &now) != 0) return {};
  return {now.st_size, moment(now.st_mtim), moment(now.st_ctim)};
}

// Nothing where the file system keeps no time of birth.
std::optional<std::pair<Place, Moment>> birth_of(const std::filesystem::path& file) {
  struct statx facts {};
  struct stat place {};
  if (::statx(AT_FDCWD, file.c_str(), 0, STATX_BTIME, &facts) != 0 || (facts.stx_mask & STATX_BTIME) == 0 ||
      ::stat(file.c_str(), &place) != 0)
    return std::nullopt;
  return std::pair{Place{place.st_dev, place.st_ino},
                   Moment{facts.stx_btime.tv_sec, facts.stx_btime.tv_nsec}};
}

// ---- the child ----

void limit(int what, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(static_cast<__rlimit_resource>(what), &both);
}

void be_quiet() {
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
  limit(RLIMIT_CORE, 0);
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGXCPU}) std::signal(signal, SIG_DFL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) std::signal(signal, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it ends with its parent
}

rlim_t address_space() {
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

// Leaves by _exit: what its parent has open is not its own to close.
[[noreturn]] void look(const std::filesystem::path& file, int tell) {
  be_quiet();
  limit(RLIMIT_CPU, seconds);
  limit(RLIMIT_AS, address_space() + memory);
  try {
    const Fearless here;
    h5::walk(h5::File::open(file));
  } catch (const std::exception&) {  // its reader will say what is wrong
  }
  [[maybe_unused]] const auto told = ::write(tell, "", 1);
  ::_exit(0);
}

// ---- the parent ----

// Whether the child came to its end, in time.
bool is_told(int ear) {
  pollfd asked{ear, POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&asked, 1, patience_ms)) < 0 && errno == EINTR) {
  }
  char byte = 0;
  return ready > 0 && ::read(ear, &byte, 1) == 1;
}

std::string how_it_ended(int status) {
  if (!WIFSIGNALED(status)) return "an error that ends the process";
  if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL) return "it has no end";
  return signal_name(WTERMSIG(status));
}

// Of what the child died, "" where it lives. Where the system gives no process, nobody is sent ahead.
std::string death_by(const std::filesystem::path& file) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return "";
  const pid_t child = ::fork();
  if (child == 0) look(file, ends[1]);
  ::close(ends[1]);
  const bool lives = child < 0 || is_told(ends[0]);
  ::close(ends[0]);
  int status = 0;
  if (child > 0 && !lives) ::kill(child, SIGKILL);  // one that is dead already keeps its own signal
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return lives ? "" : how_it_ended(status);
}

}  // namespace

Fearless::Fearless() { ++known().fearless; }
Fearless::~Fearless() { --known().fearless; }

void made_here(const std::filesystem::path& file) {
  const auto birth = birth_of(file);
  const std::scoped_lock lock(known().guard);
  if (birth) known().made.insert(*birth);
}

void look_over(const std::filesystem::path& file) {
  Known& all = known();
  struct stat now {};
  if (all.fearless > 0 || ::stat(file.c_str(), &now) != 0) return;
  const Place place{now.st_dev, now.st_ino};
  const State state{state_of(file), state_of(journal_of(file))};
  const auto birth = birth_of(file);
  {
    const std::scoped_lock lock(all.guard);
    const auto seen = all.seen.find(place);
    if ((birth && all.made.contains(*birth)) || (seen != all.seen.end() && seen->second == state)) return;
  }
  const std::string death = death_by(file);
  check(death.empty(),
        "{}: is damaged, or was made to break its readers: libhdf5, which reads such files, dies of it ({})",
        file.string(), death);
  const std::scoped_lock lock(all.guard);
  all.seen[place] = state;
}

}  // namespace core
