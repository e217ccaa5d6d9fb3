#include "agents/single_env.h"

#include "agents/episode_metrics.h"
#include "core/error.h"

namespace agents {

SingleEnv::SingleEnv(const envs::Options& options) : env_(options.make(1)) {
  observation_.resize(spec().observation.bytes());
  final_.resize(spec().observation.bytes());
  if (spec().action_mask)
    final_mask_ = mask_ = std::vector<uint8_t>(static_cast<size_t>(spec().action.n[0]), 1);
}

void SingleEnv::begin(core::Pcg64& exploration, training::Build& b) {
  exploration = core::Pcg64(b.seed_for("exploration"));
  env_->reset(b.seed_for("rollout"), observation_.data());
  b.envs("train", [this](core::Archive& archive) { env_->state(archive); });
  b.state("exploration", [this, &exploration](core::Archive& archive) {
    archive("random", exploration);
    observation_state(archive);
  });
}

SingleEnv::Outcome SingleEnv::play(int64_t action, training::Step& step) {
  float reward = 0;
  uint8_t terminated = 0, truncated = 0;
  double episode_return = 0;
  int64_t episode_length = 0;
  env_->step({.discrete = &action},
             {.obs = observation_.data(),
              .reward = &reward,
              .terminated = &terminated,
              .truncated = &truncated,
              .final_obs = final_.data(),
              .episode_return = &episode_return,
              .episode_length = &episode_length,
              .final_action_mask = final_mask_.empty() ? nullptr : final_mask_.data()});
  ended_ = terminated | truncated;
  if (ended_) log_episode(step, episode_return, episode_length);
  return {static_cast<double>(reward), terminated != 0, ended_};
}

void SingleEnv::observation_state(core::Archive& archive) {
  archive("observation", observation_);
  core::check(envs::has_choices(spec().observation, observation_.data()),
              "saved state 'observation' is not in {}", spec().observation.str());
}

MaskRow SingleEnv::mask() {
  if (mask_.empty()) return nullptr;
  env_->action_mask(mask_.data());
  return mask_.data();
}

MaskRow SingleEnv::next_mask() {
  if (!ended_ || final_mask_.empty()) return mask();
  return final_mask_.data();
}

}  // namespace agents
