#include "agents/continuous/experience.h"

#include "agents/episode_metrics.h"
#include "agents/timed_step.h"
#include "core/error.h"

namespace agents {

Experience::Experience(const std::string& agent, const envs::Options& env, const ReplayOptions& options,
                       training::Build& build)
    : options_(options),
      envs_(env.make(options.num_envs, envs::EnvPurpose::replay)),
      normalization_(envs::deferred_normalization(env.wrappers)),
      box_(agent, envs_->spec()) {
  register_episodes(build);
  if (build.purpose() != training::Purpose::training) return;
  build_replay(agent, build);
  build.envs("train", [this](core::Archive& archive) { envs_->state(archive); });
}

void Experience::build_replay(const std::string& agent, training::Build& build) {
  const int64_t N = options_.num_envs, B = options_.batch_size;
  check_warm_up(build.budget(), agent + ".learning_starts", options_.learning_starts, options_.rounds() * N);
  require_replay(build, agent + ".buffer_size", spec(), N, options_.buffer_size);
  replay_.emplace(spec(), N, options_.buffer_size);
  exploration_random_ = core::Pcg64(build.seed_for("exploration"));
  replay_random_ = core::Pcg64(build.seed_for("replay"));
  envs_->reset(build.seed_for("rollout"), replay_->observations());
  now_.emplace(spec().observation, N, normalization_.transform);
  seen_.emplace(spec().observation, B, normalization_.transform);
  next_.emplace(spec().observation, B, normalization_.transform);
  returns_.resize(N);
  lengths_.resize(N);
  chosen_.resize(N * box_.size());
  actions_.resize(B * box_.size());
  rewards_.resize(B);
  discounts_.resize(B);
  build.state("replay", [this](core::Archive& archive) {
    replay_->state(archive);
    archive("exploration", exploration_random_);
    archive("draws", replay_random_);
  });
}

void Experience::choose(const Act& act, bool at_random) {
  const int64_t N = options_.num_envs, A = box_.size();
  float* actions = replay_->values();
  if (at_random) {
    for (int64_t i = 0; i < N; ++i)
      envs::sample(spec().action, exploration_random_, nullptr, actions + i * A);
    return;
  }
  act(now_->of(replay_->observations()), chosen_.data());
  for (int64_t i = 0; i < N; ++i) box_.to_box(chosen_.data() + i * A, actions + i * A);
}

bool Experience::play(training::Step& step, const Act& act) {
  const int64_t N = options_.num_envs, rounds = options_.rounds();
  const bool at_random = step.counters().env_steps < options_.learning_starts;
  for (int64_t k = 0; k < rounds; ++k) {
    choose(act, at_random);
    envs::StepOut out = replay_->out();
    out.episode_return = returns_.data();
    out.episode_length = lengths_.data();
    step_timed(*envs_, replay_->actions(), out);
    for (int64_t i = 0; i < N; ++i)
      if (out.terminated[i] | out.truncated[i]) log_episode(step, returns_[i], lengths_[i]);
    replay_->advance();
  }
  step.collected(rounds * N);
  return step.counters().env_steps >= options_.learning_starts;
}

void Experience::draw() {
  const int64_t complete = replay_->complete(1);
  const float scale = normalization_.reward_scale ? normalization_.reward_scale() : 1;
  for (int64_t b = 0; b < options_.batch_size; ++b) {
    const int64_t position = replay_->position(replay_random_.integers(0, complete));
    const Replay::NStepReturn ahead = replay_->n_step(position, 1, options_.gamma);
    seen_->put(b, replay_->observation(position));
    next_->put(b, ahead.next);
    box_.to_unit(replay_->values(position), actions_.data() + b * box_.size());
    rewards_[b] = scale * ahead.reward;
    discounts_[b] = ahead.discount;
  }
}

}  // namespace agents
