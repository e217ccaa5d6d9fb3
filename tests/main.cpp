// The entry of the test programs. Exit: 0 all passed, 1 one failed, 77 no test matched (Catch2 v2 and v3
// disagree on that one).
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Base = Catch::EventListenerBase;
#else
#define CATCH_CONFIG_RUNNER
#define CATCH_CONFIG_NO_POSIX_SIGNALS  // see on_crash
#include <catch2/catch.hpp>
using Base = Catch::TestEventListenerBase;
#endif

#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

#include "core/crash.h"

namespace {

using Clock = std::chrono::steady_clock;

// What this process has run, and the diary that `atelier test` reads (commands/test_diary.h): "begin NAME"
// and "end SECONDS NAME", a line each, written before anything can go wrong.
struct Course {
  size_t ended = 0;
  std::string running;
  Clock::time_point begun;
  std::ofstream diary;
};

Course& course() {  // never destroyed: a program may yet die while libraries are unloaded
  static Course& one = *new Course;
  return one;
}

std::array<char, 512> named{};  // what runs, where no damage of the heap reaches

void open_diary() {
  const char* file = std::getenv("ATELIER_TEST_DIARY");
  if (file == nullptr) return;
  course().diary.open(file, std::ios::app);
  ::unsetenv("ATELIER_TEST_DIARY");  // it is not that of the programs which a test starts
}

// Allocates nothing: the heap may be what is broken.
void say(std::string_view text) { [[maybe_unused]] const auto n = ::write(2, text.data(), text.size()); }

void on_crash(int signal) {
  for (const std::string_view part : {"\n", "SIG", sigabbrev_np(signal), " in or after the test case \""})
    say(part);
  say(named.data());
  say("\"\n");
  std::signal(signal, SIG_DFL);
  sigset_t none;  // a handler runs with its signal held back
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::raise(signal);
}

constexpr std::array crashes{SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

void watch_crashes() {  // a sanitizer's handlers stay
  for (const int signal : crashes)
    if (struct sigaction now{}; sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
      std::signal(signal, on_crash);
}

struct Listener : Base {
  using Base::Base;

  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    course().running = info.name;
    named[info.name.copy(named.data(), named.size() - 1)] = '\0';
    course().begun = Clock::now();
    course().diary << "begin " << info.name << std::endl;
    Base::testCaseStarting(info);
  }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    ++course().ended;
    const std::chrono::duration<double> spent = Clock::now() - course().begun;
    course().diary << "end " << spent.count() << ' ' << course().running << std::endl;
    Base::testCaseEnded(stats);
  }

  // Called by v3's own handler, before a report of its own that allocates and so may never end. `error`:
  // "SIGSEGV - ...".
  void fatalErrorEncountered(Catch::StringRef error) override {
    const std::string_view text(error.data(), error.size());
    for (const int signal : crashes)
      if (text.substr(0, text.find(' ')).ends_with(sigabbrev_np(signal))) on_crash(signal);
  }
};

}  // namespace

CATCH_REGISTER_LISTENER(Listener)

// nohup and the background jobs of a script hand down signals that are ignored: a test that sends one would
// wait for ever.
static void hear_signals() {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGPIPE, SIGTSTP})
    std::signal(signal, SIG_DFL);
}

// As a filter takes it.
static std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    if (std::strchr("\\\",[]", c) != nullptr) text += '\\';
    text += c;
  }
  return text + '"';
}

// ATELIER_TEST_SHARE=FIRST-LAST/OF: of the cases that were asked for, those whose place, modulo OF, lies in
// FIRST .. LAST: two processes of `atelier test` run one program's cases side by side.
static void keep_share(Catch::Session& session) {
  const char* share = std::getenv("ATELIER_TEST_SHARE");
  size_t first = 0, last = 0, of = 1;
  if (share == nullptr || std::sscanf(share, "%zu-%zu/%zu", &first, &last, &of) != 3 || of == 0) return;
  ::unsetenv("ATELIER_TEST_SHARE");
  const auto& config = session.config();
  const auto cases = Catch::filterTests(Catch::getAllTestCasesSorted(config), config.testSpec(), config);
  std::string names;
  for (size_t i = 0; i < cases.size(); ++i)
    if (i % of >= first && i % of <= last)
      names += (names.empty() ? "" : ",") + quoted(cases[i].getTestCaseInfo().name);
  auto data = session.configData();
  data.testsOrTags = {names.empty() ? "[none]" : names};
  session.useConfigData(data);
}

int main(int argc, char** argv) {
  hear_signals();
  core::crash_at_once();
  watch_crashes();
  open_diary();
  Catch::Session session;
  if (session.applyCommandLine(argc, argv) != 0) return 2;
  keep_share(session);
  const int failed = session.run();
  if (course().ended == 0) return 77;
  return failed == 0 ? 0 : 1;
}

#if defined(__SANITIZE_ADDRESS__)
// libhdf5 forgets what it had read of a malformed file.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }
#endif
