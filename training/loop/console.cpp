#include "training/loop/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/shown.h"
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

// What every step has in common is known when two more are taken, or one in a while.
static constexpr double short_while_s = 2;

void Console::tick(const Counters& counters, const std::map<std::string, double>& latest) {
  if (began_ == 0) {
    began_ = seconds_now();
    idle_ = 0;
    first_ = counters;
  }
  const double pause = mode_ == ConsoleMode::fraction ? 1 : live_ ? 0.1 : 10;
  const bool ends = live_ && !whole_ && fraction(budget_, counters) == 1;  // an evaluation may be to come
  if (ends || seconds_now() - printed_ >= pause) print(counters, latest, false);
  whole_ |= ends;
}

static std::string amount(double x) {
  if (x >= 1e6) return fmt::format("{:.2f}M", x / 1e6);
  return x >= 1e4 ? fmt::format("{:.0f}k", x / 1e3) : fmt::format("{:.4g}", x);
}

std::string Console::standing(const Counters& counters) const {
  return fmt::format("{:3.0f} %  {} {} of {}", 100 * fraction(budget_, counters),
                     core::unit_name(budget_.unit), amount(counters.of(budget_.unit)),
                     amount(budget_.amount));
}

// The last step may pass the budget, for it gathers whole rollouts or plays whole episodes: what explains it,
// or nothing where the two read alike.
std::string Console::overrun(const Counters& counters) const {
  const double now = counters.of(budget_.unit);
  if (now <= budget_.amount || amount(now) == amount(budget_.amount)) return "";
  const double step = now / static_cast<double>(std::max<int64_t>(1, counters.step));
  return fmt::format("the last step is taken whole, one has about {}",
                     amount(step < 1 ? step : std::round(step)));
}

bool Console::rates_are_known(const Counters& now) const {
  const int64_t taken = began_ == 0 ? 0 : now.step - first_.step;
  return taken >= 2 || (taken == 1 && printed_ - began_ >= short_while_s);
}

// Of the quantity that matters: transitions for agents, rows for models, else steps; for each second of
// learning, as it was logged last, and before that by the clock.
std::string Console::pace(const Counters& now, const std::map<std::string, double>& latest) const {
  const auto per = [&](const char* metric, int64_t gained, const char* unit) {
    const auto logged = latest.find(metric);
    if (logged != latest.end()) return fmt::format("{} {}/s", amount(logged->second), unit);
    if (!rates_are_known(now)) return std::string();
    const double learning_s = std::max(1e-3, printed_ - began_ - idle_);
    return fmt::format("{} {}/s", amount(static_cast<double>(gained) / learning_s), unit);
  };
  if (now.env_steps > 0) return per("time/env_steps_per_s", now.env_steps - first_.env_steps, "env steps");
  if (now.samples > 0) return per("time/samples_per_s", now.samples - first_.samples, "samples");
  return per("time/steps_per_s", now.step - first_.step, "steps");
}

// At the end of the budget there is nothing left but to look at what was learned.
std::string Console::remaining(const Counters& now) const {
  if (fraction(budget_, now) == 1) return "evaluating";
  const double done = now.of(budget_.unit), gained = done - first_.of(budget_.unit);
  if (!rates_are_known(now) || gained <= 0) return "";
  return "ETA " + core::clock((printed_ - began_) * (budget_.amount - done) / gained);
}

void Console::print(const Counters& counters, const std::map<std::string, double>& latest, bool last) {
  printed_ = seconds_now();
  if (mode_ == ConsoleMode::silent) return;
  if (mode_ == ConsoleMode::fraction) {
    std::fputs(fmt::format("{:.4f}\n", fraction(budget_, counters)).c_str(), stdout);
    std::fflush(stdout);
    return;
  }
  std::string line;
  if (last)
    line = core::in_lines(closing(counters, latest), core::lasting_width_of(STDERR_FILENO));
  else
    line = core::fitted(standing(counters), extras(counters, latest), remaining(counters),
                        core::lasting_width_of(STDERR_FILENO));
  std::fputs(live_ ? fmt::format("\r\033[K{}{}", line, last ? "\n" : "").c_str() : (line + "\n").c_str(),
             stderr);
  open_ = live_ && !last;
}

std::vector<std::string> Console::extras(const Counters& counters,
                                         const std::map<std::string, double>& latest) const {
  std::vector<std::string> all;
  if (std::string rate = pace(counters, latest); !rate.empty()) all.push_back(std::move(rate));
  for (const auto& metric : shown_)
    if (const auto found = latest.find(metric); found != latest.end())
      all.push_back(fmt::format("{} {:.4g}", metric, found->second));
  return all;
}

std::vector<std::string> Console::closing(const Counters& counters,
                                          const std::map<std::string, double>& latest) const {
  std::vector<std::string> parts{standing(counters)};
  if (std::string why = overrun(counters); !why.empty()) parts.push_back(std::move(why));
  for (std::string& extra : extras(counters, latest)) parts.push_back(std::move(extra));
  parts.push_back(core::clock(printed_ - started_));
  return parts;
}

void Console::say(const std::vector<std::string>& parts, const std::string& between) {
  say(core::in_lines(parts, core::lasting_width_of(STDERR_FILENO), between));
}

void Console::say(const std::string& line) {
  if (mode_ != ConsoleMode::line) return;
  std::fputs(fmt::format("{}{}\n", open_ ? "\n" : "", core::shown(line, core::Breaks::kept)).c_str(), stderr);
  open_ = false;
}

void Console::done(const Counters& counters, const std::map<std::string, double>& latest) {
  print(counters, latest, true);
}

}  // namespace training
