#include "envs/copy.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/error.h"

namespace envs {

static constexpr int64_t most_actions = 32;

static void check_actions_of(const std::string& planner, const Spec& spec) {
  core::check(spec.action.is_discrete() && spec.action.n[0] <= most_actions,
              "env: {} needs Discrete actions, at most {}; {} has {}", planner, most_actions, spec.id,
              spec.action.str());
}

Copy::Copy(const std::string& planner, const Options& options)
    : envs_(options.make(1, EnvPurpose::evaluation)), obs_(envs_->spec().observation.bytes()) {
  check_actions_of(planner, spec());
  if (spec().action_mask) mask_.resize(size_t(spec().action.n[0]));
  envs_->autoreset(false);
  core::check(follows(options),
              "env: {} needs an environment that can be copied; {} goes another way from a restored state",
              planner, spec().id);
}

// Whether a restored twin shows what this one shows, for some steps from the start.
bool Copy::follows(const Options& options) {
  const auto twin = options.make(1, EnvPurpose::evaluation);
  std::vector<std::byte> seen(obs_.size());
  float reward = 0;
  uint8_t terminated = 0, truncated = 0;
  twin->autoreset(false);
  twin->reset(2, seen.data());
  envs_->reset(1, obs_.data());
  core::Archive saved;
  envs_->state(saved);
  core::Archive restored(saved.blobs());
  twin->state(restored);
  for (int64_t t = 0; t < 8; ++t) {
    const uint32_t can = possible();
    if (can == 0) return true;
    const int64_t action = std::countr_zero(can);
    twin->step({.discrete = &action},
               {.obs = seen.data(), .reward = &reward, .terminated = &terminated, .truncated = &truncated});
    const Outcome own = step(action);
    if (own.reward != double(reward) || own.ended != (terminated || truncated) || seen != obs_) return false;
    if (own.ended) return true;
  }
  return true;
}

void Copy::take(Envs& original) {
  core::Archive saved;
  original.state(saved);
  taken_ = saved.blobs();
}

// Generators are saved as "random" (core::Pcg64) or "seed" (core::Philox's), or under such a name in a part
// of an environment's own: envs/streams.h, envs/wrappers.
static void draw_anew(const std::string& name, std::vector<uint8_t>& blob, core::Pcg64& seeds) {
  const std::string last = name.substr(name.rfind('.') + 1);
  if (last == "seed") {
    const uint64_t seed = seeds.next64();
    std::memcpy(blob.data(), &seed, std::min(blob.size(), sizeof seed));
  }
  if (last != "random") return;
  for (size_t at = 0; at + sizeof(core::Pcg64) <= blob.size(); at += sizeof(core::Pcg64)) {
    const core::Pcg64 fresh(seeds.next64());
    std::memcpy(blob.data() + at, &fresh, sizeof fresh);
  }
}

void Copy::restart(uint64_t seed) {
  core::Pcg64 seeds(seed);
  for (auto& [name, blob] : taken_) draw_anew(name, blob, seeds);
  core::Archive restored(taken_);
  envs_->state(restored);
}

Copy::Outcome Copy::step(int64_t action) {
  float reward = 0;
  uint8_t terminated = 0, truncated = 0;
  envs_->step({.discrete = &action},
              {.obs = obs_.data(), .reward = &reward, .terminated = &terminated, .truncated = &truncated});
  return {double(reward), terminated != 0, (terminated | truncated) != 0};
}

uint32_t Copy::possible() const {
  const auto actions = uint32_t(spec().action.n[0]);
  const uint32_t all = uint32_t((uint64_t(1) << actions) - 1);
  if (mask_.empty()) return all;
  envs_->action_mask(mask_.data());
  uint32_t can = 0;
  for (uint32_t a = 0; a < actions; ++a) can |= uint32_t(mask_[a] != 0) << a;
  return can == 0 ? all : can;
}

}  // namespace envs
