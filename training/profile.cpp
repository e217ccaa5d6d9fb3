// The part that ends is charged with the time since the last change.
#include "training/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace training {
namespace {

using Clock = std::chrono::steady_clock;

struct State {
  Part part = Part::logging;
  Clock::time_point since = Clock::now();
  PartSeconds seconds{};
};

State& state() {
  thread_local State of_this_thread;
  return of_this_thread;
}

Part enter(Part part) {
  State& s = state();
  if (s.part == part) return part;
  const Clock::time_point now = Clock::now();
  s.seconds[size_t(s.part)] += std::chrono::duration<double>(now - s.since).count();
  s.since = now;
  return std::exchange(s.part, part);
}

bool takes_all(Part part) { return part >= Part::evaluation; }

}  // namespace

void begin_profile() { state() = State{}; }

PartSeconds profile() {
  State s = state();
  s.seconds[size_t(s.part)] += std::chrono::duration<double>(Clock::now() - s.since).count();
  return s.seconds;
}

Timed::Timed(Part part) : before_(takes_all(state().part) ? state().part : enter(part)) {}

Timed::~Timed() { enter(before_); }

std::vector<std::string> shares(const PartSeconds& seconds) {
  const double all = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  std::array<size_t, parts.size()> order{};
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return seconds[a] > seconds[b]; });
  std::vector<std::string> told;
  for (const size_t k : order)
    if (const double share = 100 * seconds[k] / all; all > 0 && share >= 1)
      told.push_back(fmt::format("{} {:.0f} %", parts[k].name, share));
  return told;
}

}  // namespace training
