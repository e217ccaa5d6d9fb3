#include "envs/fixed_levels.h"

#include <map>

#include "core/error.h"
#include "envs/episodes.h"

namespace envs {

static constexpr uint64_t all_levels = uint64_t{1} << 31;

FixedLevels::FixedLevels(const LevelOptions& options, int64_t n,
                         const std::function<std::unique_ptr<Envs>()>& make_one)
    : first_(uint64_t(options.start_level)),
      count_(options.num_levels > 0 ? uint64_t(options.num_levels) : all_levels - first_),
      drawn_(options.level_choice == "drawn") {
  core::check(n >= 1, "expected at least 1 environment, found {}", n);
  for (int64_t i = 0; i < n; ++i) {
    envs_.push_back(make_one());
    envs_.back()->autoreset(false);
  }
  seeds_.resize(envs_.size());
  draws_.resize(envs_.size());
}

void FixedLevels::reset(uint64_t seed, std::byte* obs) {
  for (size_t i = 0; i < envs_.size(); ++i) {
    seeds_[i] = seed + i;
    draws_[i] = core::Pcg64(core::mix(seed + i, {"levels"}));
    begin(i, obs);
  }
  started_ = true;
}

uint64_t FixedLevels::next_level(size_t i) {
  return first_ + (drawn_ ? uint64_t(draws_[i].integers(0, int64_t(count_))) : seeds_[i] % count_);
}

void FixedLevels::begin(size_t i, std::byte* obs) {
  envs_[i]->reset(next_level(i), obs + i * spec().observation.bytes());
}

namespace {

// What of row-major memory [N, width] is environment i's; null stays null.
template <class T>
T* row_of(T* rows, size_t i, size_t width = 1) {
  return rows ? rows + i * width : nullptr;
}

Actions row_of(const Actions& all, size_t i, size_t width) {
  return {row_of(all.discrete, i, width), row_of(all.continuous, i, width), row_of(all.mode, i)};
}

StepOut row_of(const StepOut& all, size_t i, const Spec& spec) {
  const size_t bytes = spec.observation.bytes(), choices = spec.action_mask ? size_t(spec.action.n[0]) : 0;
  return {.obs = row_of(all.obs, i, bytes),
          .reward = row_of(all.reward, i),
          .terminated = row_of(all.terminated, i),
          .truncated = row_of(all.truncated, i),
          .final_obs = row_of(all.final_obs, i, bytes),
          .episode_return = row_of(all.episode_return, i),
          .episode_length = row_of(all.episode_length, i),
          .final_action_mask = row_of(all.final_action_mask, i, choices)};
}

}  // namespace

void FixedLevels::step(const Actions& actions, const StepOut& out) {
  check_started(spec(), started_);
  check_actions(spec(), size(), actions);
  const auto width = size_t(spec().action.size());
  for (size_t i = 0; i < envs_.size(); ++i) {
    envs_[i]->step(row_of(actions, i, width), row_of(out, i, spec()));
    const bool stepped = !actions.mode || actions.mode[i] != StepMode::skip;
    if (autoreset_ && stepped && (out.terminated[i] | out.truncated[i])) begin(i, out.obs);
  }
}

void FixedLevels::action_mask(uint8_t* mask) const {
  if (!spec().action_mask) return;
  for (size_t i = 0; i < envs_.size(); ++i)
    envs_[i]->action_mask(row_of(mask, i, size_t(spec().action.n[0])));
}

namespace {

// The blobs whose names begin so, without that beginning.
std::map<std::string, std::vector<uint8_t>> named(const core::Archive& archive, const std::string& begin) {
  std::map<std::string, std::vector<uint8_t>> own;
  for (const auto& [name, bytes] : archive.blobs())
    if (name.starts_with(begin)) own[name.substr(begin.size())] = bytes;
  return own;
}

}  // namespace

// Each environment's own under names that begin with its number.
void FixedLevels::state(core::Archive& archive) {
  archive("seeds", seeds_);
  archive("draws", draws_);
  started_ = restored_flag(archive, "started", started_);
  for (size_t i = 0; i < envs_.size(); ++i) {
    const std::string begin = "level" + std::to_string(i) + ".";
    core::Archive own = archive.loading() ? core::Archive(named(archive, begin)) : core::Archive();
    envs_[i]->state(own);
    if (archive.loading()) continue;
    for (auto [name, bytes] : own.blobs()) archive.sized(begin + name, bytes);
  }
}

}  // namespace envs
