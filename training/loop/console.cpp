#include "training/loop/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "training/loop/recorder.h"

namespace training {

// Whether a line can renew itself: a dumb one (of an editor, of a log) shows the characters that do it.
static bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && (kind == nullptr || std::string(kind) != "dumb");
}

Console::Console(bool quiet, core::Duration budget, std::vector<std::string> shown)
    : quiet_(quiet),
      terminal_(is_terminal()),
      budget_(budget),
      shown_(std::move(shown)),
      started_(seconds_now()),
      printed_(terminal_ ? 0 : seconds_now()) {}

void Console::tick(const Counters& counters, const std::map<std::string, double>& latest) {
  if (amount_at_start_ < 0) amount_at_start_ = counters.of(budget_.unit), first_ = counters;
  if (seconds_now() - printed_ >= (terminal_ ? 0.1 : 10)) print(counters, latest, false);
}

static std::string amount(double x) {
  if (x >= 1e6) return fmt::format("{:.2f}M", x / 1e6);
  return x >= 1e4 ? fmt::format("{:.0f}k", x / 1e3) : fmt::format("{:.4g}", x);
}

static std::string clock(double seconds) {
  const auto s = static_cast<int64_t>(seconds + 0.5);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

// Rate of the quantity that matters: transitions for agents, rows for models, else steps.
static std::string rate(const Counters& first, const Counters& now, double seconds) {
  const auto per = [&](int64_t a, int64_t b, const char* unit) {
    return fmt::format("{} {}/s", amount(static_cast<double>(b - a) / seconds), unit);
  };
  if (now.env_steps > first.env_steps) return per(first.env_steps, now.env_steps, "env steps");
  if (now.samples > first.samples) return per(first.samples, now.samples, "samples");
  return per(first.step, now.step, "steps");
}

void Console::print(const Counters& counters, const std::map<std::string, double>& latest, bool last) {
  printed_ = seconds_now();
  if (quiet_) return;
  const double elapsed = std::max(1e-9, printed_ - started_);
  const double now = counters.of(budget_.unit), gained = now - std::max(0.0, amount_at_start_);
  const double share = fraction(budget_, counters);
  std::string line = fmt::format("{:3.0f} %  {} {} of {}", 100 * share, core::unit_name(budget_.unit),
                                 amount(now), amount(budget_.amount));
  for (const auto& metric : shown_)
    if (const auto found = latest.find(metric); found != latest.end())
      line += fmt::format(" | {} {:.4g}", metric, found->second);
  line += " | " + rate(first_, counters, elapsed);
  const double eta = gained > 0 ? elapsed * std::max(0.0, budget_.amount - now) / gained : 0;
  line += last ? " | " + clock(elapsed) : " | ETA " + clock(eta);
  std::fputs(terminal_ ? fmt::format("\r\033[K{}{}", line, last ? "\n" : "").c_str() : (line + "\n").c_str(),
             stdout);
  std::fflush(stdout);
  open_ = terminal_ && !last;
}

void Console::say(const std::string& line) {
  if (quiet_) return;
  std::fputs(fmt::format("{}{}\n", open_ ? "\n" : "", line).c_str(), stdout);
  std::fflush(stdout);
  open_ = false;
}

void Console::done(const Counters& counters, const std::map<std::string, double>& latest) {
  print(counters, latest, true);
}

}  // namespace training
