// Signals that ask for an end: heard, counted once where two arrive at once, ignored where they were before.
#include "core/interrupt.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "tests/catch.h"

namespace tests::interrupt {

namespace {

void wait_ms(int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// A process that watches for signals and works until `done`, then ends with the code that it returns.
class Worker {
 public:
  explicit Worker(const std::function<int()>& work) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    child_ = ::fork();
    if (child_ == 0) {
      const int code =
          (core::watch_signals(core::Second::ends_at_once), ::write(ready[1], ".", 1) == 1) ? work() : 1;
      ::_exit(code);
    }
    char byte = 0;
    CHECK(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  void send(int signal) const { ::kill(child_, signal); }
  bool works() const { return ::waitpid(child_, nullptr, WNOHANG) == 0; }
  int code() const {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t child_ = 0;
};

int until_asked() {
  while (core::interrupted() == 0) wait_ms(1);
  return core::interrupted();
}

int deaf() {
  for (;;) wait_ms(1000);
}

// What a process says to stderr from the signal on, after `prepare`, which ends it.
std::string said(int signal, const std::function<void()>& prepare) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    prepare();
    ::kill(::getpid(), signal);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text(400, ' ');
  ssize_t n = 0, all = 0;
  while ((n = ::read(ends[0], text.data() + all, 100)) > 0) all += n;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return text.substr(0, static_cast<size_t>(all)) + "code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

TEST_CASE("before there is anything to keep a signal ends with one line and its own code",
          "[core][signals]") {
  CHECK(said(SIGTERM, [] { core::end_on_signals("ended early\n"); }) == "ended early\ncode 143");
  CHECK(said(SIGHUP, [] { core::end_on_signals(nullptr); }) == "code 129");
  CHECK(said(SIGINT, [] {
          core::hold_signals();
          ::kill(::getpid(), SIGINT);
          core::end_on_signals("held\n");
          core::release_signals();
        }) == "held\ncode 130");
}

TEST_CASE("of a long step it is told how long it takes", "[core][signals]") {
  const auto watch = [] { core::watch_signals(core::Second::ends_at_once, {.first = "heard\n"}); };
  CHECK(said(SIGTERM, watch) == "heard\ncode 0");
  CHECK(said(SIGTERM, [&] {
          watch();
          core::tell_step_length(3);
          core::tell_step_length(7.2);
        }) == "heard\natelier: a step takes about 7 s\ncode 0");
}

TEST_CASE("whatever asks for an end is heard", "[core][signals]") {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU}) {
    const Worker worker(until_asked);
    worker.send(signal);
    CHECK(worker.code() == signal);
  }
}

TEST_CASE("a signal that a wrapper sends twice is one; half a second later it ends at once",
          "[core][signals]") {
  const Worker worker(deaf);
  worker.send(SIGINT);
  wait_ms(5);
  for (const int signal : {SIGINT, SIGTERM}) worker.send(signal);
  wait_ms(600);
  CHECK(worker.works());
  worker.send(SIGXCPU);  // the kernel's own repetition
  wait_ms(20);
  CHECK(worker.works());
  worker.send(SIGTERM);
  CHECK(worker.code() == 128 + SIGTERM);
}

TEST_CASE("an ignored HUP stays ignored, a closed pipe ends nothing", "[core][signals]") {
  std::signal(SIGHUP, SIG_IGN);
  const Worker worker(until_asked);
  std::signal(SIGHUP, SIG_DFL);
  worker.send(SIGHUP);
  worker.send(SIGPIPE);
  wait_ms(20);
  REQUIRE(worker.works());
  worker.send(SIGTERM);
  CHECK(worker.code() == SIGTERM);
}

TEST_CASE("a look is cut short once a signal was heard, and not before", "[core][signals]") {
  CHECK_NOTHROW(core::heed_signals());
  const Worker worker([] {
    until_asked();
    try {
      core::heed_signals();
    } catch (const core::Interrupted& by) {
      return by.signal;
    }
    return 1;
  });
  worker.send(SIGTERM);
  CHECK(worker.code() == SIGTERM);
}

}  // namespace tests::interrupt
