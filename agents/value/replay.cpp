#include "agents/value/replay.h"

#include <algorithm>
#include <cstring>

namespace agents {

static int64_t rows_for(int64_t num_envs, int64_t capacity) {
  return (capacity + num_envs - 1) / num_envs + 1;  // and the present moment
}

// Two time limits of one environment lie at least the limit apart, so that one row of last observations for
// every `limit` moments holds all that the ring can ask for.
static int64_t cuts_for(const envs::Spec& spec, int64_t rows) {
  return spec.max_episode_steps > 0 ? rows / spec.max_episode_steps + 2 : 0;
}

Replay::Layout::Layout(const envs::Spec& spec, int64_t num_envs, int64_t rows)
    : item(static_cast<int64_t>(spec.observation.bytes())),
      row(item * num_envs),
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
  actions = column(count * static_cast<int64_t>(sizeof(int64_t)));
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
      choices_(spec.action.n.at(0)),
      layout_(spec, num_envs, rows_),
      space_(spec.observation),
      slab_(new std::byte[static_cast<size_t>(layout_.size)]) {
  std::fill(slab_.get() + layout_.cut, slab_.get() + layout_.size, std::byte{0});
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

// Row [A] of a column of masks; null where there are none.
uint8_t* Replay::mask_row(int64_t column, int64_t row, int64_t env) const {
  return layout_.choices ? at<uint8_t>(column) + (row * envs_ + env) * choices_ : nullptr;
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
    if (at<uint8_t>(layout_.terminated)[p]) return {reward, 0, observation(p), nullptr};
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
  bytes("actions", layout_.actions, acted * static_cast<int64_t>(sizeof(int64_t)));
  bytes("rewards", layout_.rewards, acted * static_cast<int64_t>(sizeof(float)));
  bytes("terminated", layout_.terminated, acted);
  bytes("truncated", layout_.truncated, acted);
  bytes("cut", layout_.cut, layout_.cuts * layout_.row);
  if (layout_.choices > 0) {
    bytes("masks", layout_.masks, seen * layout_.choices);
    bytes("cut_masks", layout_.cut_mask, layout_.cuts * envs_ * layout_.choices);
  }
  if (archive.loading()) check_restored(seen, acted);
}

// Actions are places in a row of values, and so are observations that are no numbers.
void Replay::check_restored(int64_t seen, int64_t acted) const {
  const bool choices = space_.kind != envs::Space::Kind::box;
  const auto known = [&](int64_t column, int64_t rows) {
    for (int64_t k = 0; choices && k < rows; ++k)
      core::check(envs::has_choices(space_, slab_.get() + column + k * layout_.item),
                  "saved replay holds an observation that is not in {}", space_.str());
  };
  known(0, seen);
  known(layout_.cut, layout_.cuts * envs_);
  const int64_t* taken = at<int64_t>(layout_.actions);
  for (int64_t k = 0; k < acted; ++k)
    core::check(taken[k] >= 0 && taken[k] < choices_, "saved replay holds action {}, expected 0 .. {}",
                taken[k], choices_ - 1);
}

}  // namespace agents
