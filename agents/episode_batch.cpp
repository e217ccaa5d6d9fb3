#include "agents/episode_batch.h"

#include "agents/action_mask.h"
#include "agents/tensors.h"
#include "agents/timed_step.h"
#include "core/error.h"
#include "core/memory.h"

namespace agents {

EpisodeBatch::EpisodeBatch(const envs::Options& options, int64_t n) : envs_(options.make(n)), n_(n) {
  const envs::Spec& spec = envs_->spec();
  const int64_t limit = spec.max_episode_steps;
  core::check(limit > 0, "env: {} has no time limit, which whole episodes need: set env.max_episode_steps",
              spec.id);
  const double row = double(spec.observation.bytes() + spec.action.bytes()) +
                     4 * double(spec.observation.net_width()) + 48 +
                     (spec.action_mask ? double(spec.action.n[0]) : 0);
  core::require_memory(row * double(n) * double(limit + 1),
                       fmt::format("episodes_per_update: {} episodes of {} steps each", n, limit));
  observations_ = observation_tensor(spec, {limit + 1, n});
  actions_ = action_tensor(spec, {limit, n});
  masks_ = mask_tensor(spec, {limit, n});
  rewards_ = torch::zeros({limit, n});
  alive_ = torch::zeros({limit, n});
  terminated_ = torch::zeros({limit, n}, torch::kUInt8);
  truncated_ = torch::zeros({limit, n}, torch::kUInt8);
}

torch::Tensor EpisodeBatch::observations() const {
  return for_net(observations_.narrow(0, 0, length_), envs_->spec());
}

torch::Tensor EpisodeBatch::masks() const { return masks_.defined() ? masks_.narrow(0, 0, length_) : masks_; }

int64_t EpisodeBatch::play(
    uint64_t seed,
    const std::function<void(const training::PolicyInput& seen, const torch::Tensor& actions)>& act) {
  const torch::NoGradGuard no_grad;
  envs_->reset(seed, bytes(observations_[0]));
  alive_[0].fill_(1);
  int64_t open = n_, transitions = 0;
  for (length_ = 0; open > 0; ++length_) {
    const int64_t t = length_;
    const torch::Tensor mask = masks_.defined() ? masks_[t] : torch::Tensor();
    read_mask(*envs_, mask);
    act({for_net(observations_[t], spec()), mask}, actions_[t]);
    step_timed(*envs_, actions_of(actions_[t], spec()),
               {.obs = bytes(observations_[t + 1]),
                .reward = rewards_.data_ptr<float>() + t * n_,
                .terminated = terminated_.data_ptr<uint8_t>() + t * n_,
                .truncated = truncated_.data_ptr<uint8_t>() + t * n_});
    transitions += open;
    open = t + 1 < alive_.size(0) ? pass_on(t) : 0;
  }
  return transitions;
}

int64_t EpisodeBatch::pass_on(int64_t t) {
  const float* before = alive_.data_ptr<float>() + t * n_;
  float* after = alive_.data_ptr<float>() + (t + 1) * n_;
  const uint8_t *terminated = terminated_.data_ptr<uint8_t>() + t * n_,
                *truncated = truncated_.data_ptr<uint8_t>() + t * n_;
  int64_t open = 0;
  for (int64_t i = 0; i < n_; ++i) {
    after[i] = terminated[i] | truncated[i] ? 0 : before[i];
    open += after[i] > 0;
  }
  return open;
}

}  // namespace agents
