#include "training/loop/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "core/terminal.h"
#include "training/loop/recorder.h"

namespace training {

Console::Console(ConsoleMode mode, core::Duration budget, std::vector<std::string> shown)
    : mode_(mode),
      live_(core::is_live(STDERR_FILENO)),
      budget_(budget),
      shown_(std::move(shown)),
      started_(seconds_now()),
      printed_(live_ ? 0 : seconds_now()) {}

void Console::tick(const Counters& counters, const std::map<std::string, double>& latest) {
  if (amount_at_start_ < 0) amount_at_start_ = counters.of(budget_.unit), first_ = counters;
  const double pause = mode_ == ConsoleMode::fraction ? 1 : live_ ? 0.1 : 10;
  if (seconds_now() - printed_ >= pause) print(counters, latest, false);
}

static std::string amount(double x) {
  if (x >= 1e6) return fmt::format("{:.2f}M", x / 1e6);
  return x >= 1e4 ? fmt::format("{:.0f}k", x / 1e3) : fmt::format("{:.4g}", x);
}

// The last step may pass the budget, for it gathers whole rollouts or plays whole episodes.
std::string Console::standing(const Counters& counters, bool last) const {
  const double now = counters.of(budget_.unit);
  const std::string line = fmt::format("{:3.0f} %  {} {} of {}", 100 * fraction(budget_, counters),
                                       core::unit_name(budget_.unit), amount(now), amount(budget_.amount));
  const double step = counters.step > 0 ? now / static_cast<double>(counters.step) : 0;
  if (!last || now < 1.05 * budget_.amount || step <= 1) return line;
  return line + fmt::format(" (the last step is taken whole, one has about {})", amount(step));
}

// Of the quantity that matters, as it was logged last: transitions for agents, rows for models, else steps.
// In the first second nothing is, and the clock has to do.
std::string Console::pace(const Counters& now, const std::map<std::string, double>& latest) const {
  const auto per = [&](const char* metric, int64_t gained, const char* unit) {
    const auto logged = latest.find(metric);
    const double own = static_cast<double>(gained) / std::max(1e-9, printed_ - started_);
    return fmt::format("{} {}/s", amount(logged == latest.end() ? own : logged->second), unit);
  };
  if (now.env_steps > first_.env_steps)
    return per("time/env_steps_per_s", now.env_steps - first_.env_steps, "env steps");
  if (now.samples > first_.samples) return per("time/samples_per_s", now.samples - first_.samples, "samples");
  return per("time/steps_per_s", now.step - first_.step, "steps");
}

void Console::print(const Counters& counters, const std::map<std::string, double>& latest, bool last) {
  printed_ = seconds_now();
  if (mode_ == ConsoleMode::silent) return;
  if (mode_ == ConsoleMode::fraction) {
    std::fputs(fmt::format("{:.4f}\n", fraction(budget_, counters)).c_str(), stdout);
    std::fflush(stdout);
    return;
  }
  const double elapsed = std::max(1e-9, printed_ - started_);
  const double now = counters.of(budget_.unit), gained = now - std::max(0.0, amount_at_start_);
  std::vector<std::string> extras{pace(counters, latest)};
  for (const auto& metric : shown_)
    if (const auto found = latest.find(metric); found != latest.end())
      extras.push_back(fmt::format("{} {:.4g}", metric, found->second));
  const double eta = gained > 0 ? elapsed * std::max(0.0, budget_.amount - now) / gained : 0;
  const std::string end = last ? core::clock(elapsed) : "ETA " + core::clock(eta);
  const size_t columns = live_ && !last ? core::width_of(STDERR_FILENO) : 10000;
  const std::string line = core::fitted(standing(counters, last), std::move(extras), end, columns);
  std::fputs(live_ ? fmt::format("\r\033[K{}{}", line, last ? "\n" : "").c_str() : (line + "\n").c_str(),
             stderr);
  open_ = live_ && !last;
}

void Console::say(const std::string& line) {
  if (mode_ != ConsoleMode::line) return;
  std::fputs(fmt::format("{}{}\n", open_ ? "\n" : "", line).c_str(), stderr);
  open_ = false;
}

void Console::done(const Counters& counters, const std::map<std::string, double>& latest) {
  print(counters, latest, true);
}

}  // namespace training
