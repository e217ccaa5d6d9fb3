#include "core/interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace core {

static constexpr int64_t apart_ms = 500, late_ms = 1000;
static constexpr std::array asking{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU};

static volatile std::sig_atomic_t received = 0, times = 0;
static std::atomic<int64_t> heard_at = 0;
static std::atomic<Second> second_does = Second::is_counted;
static std::atomic<const char*> first_words = nullptr, second_words = nullptr, step_words = nullptr;
static bool expendable_work = false;

static int64_t now_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

// Nothing else may be called in a handler; a console that has gone is no reason to stop.
static void say(const char* words) {
  const int kept = errno;
  if (words != nullptr && ::write(STDERR_FILENO, words, std::strlen(words)) < 0) errno = kept;
}

static void on_signal(int signal) {
  const int64_t now = now_ms();
  int64_t none = 0;
  if (heard_at.compare_exchange_strong(none, now)) {
    received = signal;
    times = 1;
    say(first_words);
    if (first_words != nullptr) say(step_words);
    return;
  }
  if (signal == SIGXCPU || now - heard_at < apart_ms) return;  // the kernel repeats XCPU every second
  say(second_words);
  if (second_does == Second::ends_at_once) ::_exit(128 + signal);
  times = times + 1;
}

static void on_early_signal(int signal) {
  say(first_words);
  ::_exit(128 + signal);
}

static bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void handle(void (*handler)(int)) {
  for (const int signal : asking)
    if (signal != SIGHUP || !is_ignored(SIGHUP)) std::signal(signal, handler);
}

void end_on_signals(const char* words) {
  first_words = words;
  handle(on_early_signal);
}

// The handler may read one text while the next one is written.
void tell_step_length(double seconds) {
  static std::array<std::array<char, 80>, 2> texts;
  static size_t next = 0;
  std::array<char, 80>& text = texts[next ^= 1];
  std::snprintf(text.data(), text.size(), "atelier: a step takes about %.0f s\n", seconds);
  step_words = text.data();
}

static void mask(int how) {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : asking) ::sigaddset(&signals, signal);
  ::sigprocmask(how, &signals, nullptr);
}

void hold_signals() { mask(SIG_BLOCK); }

void release_signals() { mask(SIG_UNBLOCK); }

void watch_signals(Second second, SignalWords words) {
  second_does = second;
  first_words = words.first;
  second_words = words.second;
  handle(on_signal);
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

void unwatch_signals() {
  for (const int signal : asking)
    if (!is_ignored(signal)) std::signal(signal, SIG_DFL);
}

int interrupted() { return received; }

int interruptions() { return times; }

void heed_signals() {
  if (received != 0) throw Interrupted(received);
}

void heed_late_signals() {
  if (received != 0 && expendable_work && now_ms() - heard_at >= late_ms) throw Interrupted(received);
}

void call_expendable(bool expendable) { expendable_work = expendable; }

bool is_expendable() { return expendable_work; }

}  // namespace core
