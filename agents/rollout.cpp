// Stepping in place, and episodes that end on the way.
#include "agents/rollout.h"

#include "agents/action_mask.h"
#include "agents/episode_metrics.h"
#include "agents/tensors.h"
#include "agents/timed_step.h"
#include "core/memory.h"

namespace agents {

// What it stores of a transition, and what an algorithm adds: values, targets, advantages, a copy for the
// nets.
static void check_memory(const envs::Options& options, int64_t n, int64_t T) {
  const std::unique_ptr<envs::Envs> one = options.make(1);
  const envs::Spec& spec = one->spec();
  const double mask = spec.action_mask ? double(spec.action.n[0]) : 0;
  const double row = double(2 * spec.observation.bytes() + spec.action.bytes()) +
                     4 * double(spec.observation.net_width()) + mask + 48;
  core::require_memory(row * double(n) * double(T + 1),
                       fmt::format("a rollout of {} steps (num_steps) of {} environments (num_envs)", T, n));
}

Rollout::Rollout(const envs::Options& options, int64_t n, int64_t T) : n_(n), T_(T) {
  check_memory(options, n, T);
  envs_ = options.make(n);
  observations_ = observation_tensor(spec(), {T + 1, n});
  final_ = observation_tensor(spec(), {T, n});
  actions_ = action_tensor(spec(), {T, n});
  masks_ = mask_tensor(spec(), {T, n});
  rewards_ = torch::zeros({T, n});
  terminated_ = torch::zeros({T, n}, torch::kUInt8);
  truncated_ = terminated_.clone();
  returns_ = torch::zeros({T, n}, torch::kFloat64);
  lengths_ = torch::zeros({T, n}, torch::kInt64);
  for (int64_t t = 0; t < T; ++t) {
    const bool in_place =
        spec().observation.kind == envs::Space::Kind::box && observations_.scalar_type() == torch::kFloat32;
    inputs_.emplace_back(in_place ? for_net(observations_[t], spec()) : torch::Tensor(),
                         masks_.defined() ? masks_[t] : torch::Tensor());
    action_rows_.push_back(actions_[t]);
    outs_.push_back({.obs = bytes(observations_[t + 1]),
                     .reward = rewards_[t].data_ptr<float>(),
                     .terminated = terminated_[t].data_ptr<uint8_t>(),
                     .truncated = truncated_[t].data_ptr<uint8_t>(),
                     .final_obs = bytes(final_[t]),
                     .episode_return = returns_[t].data_ptr<double>(),
                     .episode_length = lengths_[t].data_ptr<int64_t>()});
  }
}

void Rollout::begin(uint64_t seed) { envs_->reset(seed, bytes(observations_[T_])); }

int64_t Rollout::play(const std::function<void(int64_t t, const training::PolicyInput& seen)>& act) {
  observations_[0].copy_(observations_[T_]);
  for (size_t t = 0; t < outs_.size(); ++t) {
    const auto row = static_cast<int64_t>(t);
    const training::PolicyInput& seen = inputs_[t];
    read_mask(*envs_, seen.mask);
    if (seen.observations.defined())
      act(row, seen);
    else
      act(row, {for_net(observations_[row], spec()), seen.mask});
    step_timed(*envs_, actions_of(action_rows_[t], spec()), outs_[t]);
  }
  return T_ * n_;
}

void Rollout::state(core::Archive& archive) {
  envs_->state(archive);
  const torch::Tensor now = observations_[T_];
  archive("observation", static_cast<uint8_t*>(now.data_ptr()), now.nbytes());
  const envs::Space& space = spec().observation;
  for (int64_t i = 0; archive.loading() && i < n_; ++i)
    core::check(envs::has_choices(space, bytes(now) + i * static_cast<int64_t>(space.bytes())),
                "saved state 'observation' of environment {} is not in {}", i, space.str());
}

torch::Tensor Rollout::observations() const { return for_net(observations_, envs_->spec()); }

torch::Tensor Rollout::final_observations(std::vector<int64_t>& where) const {
  const auto *terminated = terminated_.data_ptr<uint8_t>(), *truncated = truncated_.data_ptr<uint8_t>();
  where.clear();
  for (int64_t i = 0; i < T_ * n_; ++i)
    if (truncated[i] && !terminated[i]) where.push_back(i);
  return for_net(final_.flatten(0, 1).index_select(0, torch::tensor(where, torch::kInt64)), envs_->spec());
}

void Rollout::log_episodes(training::Step& step) const {
  const auto *terminated = terminated_.data_ptr<uint8_t>(), *truncated = truncated_.data_ptr<uint8_t>();
  for (int64_t i = 0; i < T_ * n_; ++i)
    if (terminated[i] | truncated[i])
      log_episode(step, returns_.data_ptr<double>()[i], lengths_.data_ptr<int64_t>()[i]);
}

}  // namespace agents
