#include "agents/replay.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/error.h"
#include "core/memory.h"

namespace agents {

static int64_t rows_for(int64_t num_envs, int64_t capacity) {
  return (capacity + num_envs - 1) / num_envs + 1;  // and the present moment
}

// Two time limits of one environment lie at least the limit apart, so that one row of last observations for
// every `limit` moments holds all that the ring can ask for.
static int64_t cuts_for(const envs::Spec& spec, int64_t rows) {
  return spec.max_episode_steps > 0 ? rows / spec.max_episode_steps + 2 : 0;
}

static bool is_continuous(const envs::Space& action) { return action.kind == envs::Space::Kind::box; }

static int64_t action_bytes(const envs::Space& action) {
  return action.size() * static_cast<int64_t>(is_continuous(action) ? sizeof(float) : sizeof(int64_t));
}

Replay::Layout::Layout(const envs::Spec& spec, int64_t num_envs, int64_t rows)
    : item(static_cast<int64_t>(spec.observation.bytes())),
      row(item * num_envs),
      act(action_bytes(spec.action)),
      cuts(cuts_for(spec, rows)),
      choices(spec.action_mask ? spec.action.n.at(0) : 0) {
  static constexpr int64_t line = 64;  // bytes: every column begins on a cache line of its own
  int64_t end = rows * row;
  const auto column = [&](int64_t bytes) {
    const int64_t begin = (end + line - 1) / line * line;
    end = begin + bytes;
    return begin;
  };
  const int64_t count = rows * num_envs;
  actions = column(count * act);
  rewards = column(count * static_cast<int64_t>(sizeof(float)));
  terminated = column(count);
  truncated = column(count);
  ended = column(row);
  cut = column(cuts * row);
  masks = column(count * choices);
  ended_mask = column(num_envs * choices);
  cut_mask = column(cuts * num_envs * choices);
  size = end;
}

uint64_t Replay::bytes(const envs::Spec& spec, int64_t num_envs, int64_t capacity) {
  return static_cast<uint64_t>(Layout(spec, num_envs, rows_for(num_envs, capacity)).size);
}

int64_t Replay::positions(int64_t num_envs, int64_t capacity) {
  return rows_for(num_envs, capacity) * num_envs;
}

// All but the few last observations is left as the system hands it out, so that a session which never learns
// touches none of it.
Replay::Replay(const envs::Spec& spec, int64_t num_envs, int64_t capacity)
    : envs_(num_envs),
      rows_(rows_for(num_envs, capacity)),
      limit_(spec.max_episode_steps),
      width_(spec.action.size()),
      layout_(spec, num_envs, rows_),
      observation_(spec.observation),
      action_(spec.action),
      slab_(new std::byte[static_cast<size_t>(layout_.size)]) {
  std::fill(slab_.get() + layout_.cut, slab_.get() + layout_.size, std::byte{0});
}

envs::Actions Replay::actions() {
  if (is_continuous(action_)) return {.continuous = values()};
  return {.discrete = choices()};
}

envs::StepOut Replay::out() {
  const int64_t now = row() * envs_, next = (time_ + 1) % rows_;
  return {.obs = slab_.get() + next * layout_.row,
          .reward = at<float>(layout_.rewards) + now,
          .terminated = at<uint8_t>(layout_.terminated) + now,
          .truncated = at<uint8_t>(layout_.truncated) + now,
          .final_obs = slab_.get() + layout_.ended,
          .final_action_mask = layout_.choices ? at<uint8_t>(layout_.ended_mask) : nullptr};
}

// Row [n] of a column of masks; null where there are none.
uint8_t* Replay::mask_row(int64_t column, int64_t row, int64_t env) const {
  return layout_.choices ? at<uint8_t>(column) + (row * envs_ + env) * layout_.choices : nullptr;
}

void Replay::advance() {
  const envs::StepOut written = out();
  for (int64_t i = 0; i < envs_ && layout_.cuts > 0; ++i)
    if (written.truncated[i] > written.terminated[i]) {
      std::memcpy(cut_row(time_) + i * layout_.item, written.final_obs + i * layout_.item,
                  static_cast<size_t>(layout_.item));
      std::copy_n(written.final_action_mask + i * layout_.choices, layout_.choices,
                  mask_row(layout_.cut_mask, cut_index(time_), i));
    }
  ++time_;
}

int64_t Replay::complete(int64_t n) const {
  return std::max<int64_t>(0, std::min(time_, rows_ - 1) - n + 1) * envs_;
}

int64_t Replay::position(int64_t k) const {
  const int64_t oldest = std::max<int64_t>(0, time_ - rows_ + 1);
  return (oldest + k / envs_) % rows_ * envs_ + k % envs_;
}

int64_t Replay::completed_row(int64_t n) const { return time_ >= n ? (time_ - n) % rows_ * envs_ : -1; }

Replay::NStepReturn Replay::n_step(int64_t position, int64_t n, double gamma) const {
  const int64_t first = time_of(position / envs_), env = position % envs_;
  double sum = 0, discount = 1;
  for (int64_t t = first; t < first + n; ++t) {
    const int64_t p = t % rows_ * envs_ + env;
    sum += discount * static_cast<double>(at<float>(layout_.rewards)[p]);
    discount *= gamma;
    const auto reward = static_cast<float>(sum);
    if (at<uint8_t>(layout_.terminated)[p]) return {reward, 0, observation(p), nullptr, true};
    if (at<uint8_t>(layout_.truncated)[p])
      return {reward, static_cast<float>(discount), cut_row(t) + env * layout_.item,
              mask_row(layout_.cut_mask, cut_index(t), env)};
  }
  const int64_t row = (first + n) % rows_;
  return {static_cast<float>(sum), static_cast<float>(discount), observation(row * envs_ + env),
          mask_row(layout_.masks, row, env)};
}

void Replay::state(core::Archive& archive) {
  archive.within("time", time_, int64_t{0}, int64_t{1} << 62);
  const int64_t acted = std::min(time_, rows_) * envs_, seen = std::min(time_ + 1, rows_) * envs_;
  const auto bytes = [&](const char* name, int64_t offset, int64_t count) {
    archive(name, at<uint8_t>(offset), static_cast<size_t>(count));
  };
  bytes("observations", 0, seen * layout_.item);
  bytes("actions", layout_.actions, acted * layout_.act);
  bytes("rewards", layout_.rewards, acted * static_cast<int64_t>(sizeof(float)));
  bytes("terminated", layout_.terminated, acted);
  bytes("truncated", layout_.truncated, acted);
  bytes("cut", layout_.cut, layout_.cuts * layout_.row);
  if (layout_.choices > 0) {
    bytes("masks", layout_.masks, seen * layout_.choices);
    bytes("cut_masks", layout_.cut_mask, layout_.cuts * envs_ * layout_.choices);
  }
  if (!archive.loading()) return;
  check_observations(seen);
  check_actions(acted);
}

// Where they are no numbers they are places in a row that a net reads.
void Replay::check_observations(int64_t seen) const {
  const auto known = [&](int64_t column, int64_t rows) {
    for (int64_t k = 0; k < rows; ++k)
      core::check(envs::has_choices(observation_, slab_.get() + column + k * layout_.item),
                  "saved replay holds an observation that is not in {}", observation_.str());
  };
  if (observation_.kind == envs::Space::Kind::box) return;
  known(0, seen);
  known(layout_.cut, layout_.cuts * envs_);
}

// Choices are places in a row of values.
void Replay::check_actions(int64_t acted) const {
  for (int64_t k = 0; k < acted * width_; ++k) {
    if (is_continuous(action_)) {
      core::check(std::isfinite(values(0)[k]), "saved replay holds an action that is not finite");
      continue;
    }
    const int64_t n = action_.n[static_cast<size_t>(k % width_)], taken = choices(0)[k];
    core::check(taken >= 0 && taken < n, "saved replay holds action {}, expected 0 .. {}", taken, n - 1);
  }
}

void require_replay(training::Build& build, const std::string& key, const envs::Spec& spec, int64_t num_envs,
                    int64_t capacity, uint64_t beside) {
  const uint64_t bytes = Replay::bytes(spec, num_envs, capacity) + beside;
  const std::string what = fmt::format("a replay of {} transitions of {}", capacity, spec.id);
  core::require_memory(2 * bytes, key + ": " + what + ", held twice while a checkpoint is written,");
  build.note(fmt::format("{} takes {} of memory", what, core::print_bytes(bytes)));
}

// Transitions that a run will gather; without end where its budget does not say.
static double transitions_of(const core::Duration& budget, int64_t per_step) {
  if (budget.unit == core::Unit::env_steps) return budget.amount;
  if (budget.unit == core::Unit::steps) return budget.amount * static_cast<double>(per_step);
  return std::numeric_limits<double>::infinity();
}

void check_warm_up(const core::Duration& budget, const std::string& key, int64_t warm_up, int64_t per_step) {
  const double all = transitions_of(budget, per_step);
  core::check(static_cast<double>(warm_up) <= all,
              "{}: expected the first update within the budget of {} transitions, found it after {}", key,
              all, warm_up);
}

}  // namespace agents
