#include "envs/batched.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"

namespace envs {

static constexpr size_t tile = 1024;  // environments: their columns stay in the first-level cache
static constexpr size_t parallel_from = 32 * tile;  // below, two threads are slower than one

template <class Random, class Word>
Batched<Random, Word>::Batched(const void* env, const Functions& functions, Spec spec, int64_t n)
    : env_functions_(functions),
      env_(env, functions.destroy),
      spec_(std::move(spec)),
      n_(size_t(n)),
      episodes_(n, spec_.max_episode_steps),
      streams_(n_),
      columns_(n_ * functions.state_fields) {}

template <class Random, class Word>
void Batched<Random, Word>::reset(uint64_t seed, std::byte* obs) {
  streams_.seed(seed);
  for (size_t i = 0; i < n_; ++i) begin(i, obs);
  started_ = true;
}

template <class Random, class Word>
void Batched<Random, Word>::step(const Actions& actions, const StepOut& out) {
  check_started(spec_, started_);
  check_actions(spec_, size(), actions);
  if (n_ < parallel_from) {
    for (size_t first = 0; first < n_; first += tile) step_tile(first, actions, out);
  } else {
#pragma omp parallel for schedule(static)
    for (size_t first = 0; first < n_; first += tile) step_tile(first, actions, out);
  }
}

template <class Random, class Word>
void Batched<Random, Word>::action_mask(uint8_t* mask) const {
  for (size_t i = 0; i < n_; ++i) action_mask(i, mask);
}

template <class Random, class Word>
void Batched<Random, Word>::draw(int64_t i, core::Canvas& canvas) const {
  env_functions_.draw(env_.get(), columns_.data() + i, n_, canvas);
}

template <class Random, class Word>
void Batched<Random, Word>::next_episode(int64_t i, std::byte* obs) {
  streams_.next_episode(size_t(i));
  begin(size_t(i), obs);
}

template <class Random, class Word>
void Batched<Random, Word>::state(core::Archive& archive) {
  episodes_.state(archive);
  streams_.state(archive);
  archive("state", columns_);
  started_ = restored_flag(archive, "started", started_);
  if (!env_functions_.is_sound) return;
  for (size_t i = 0; archive.loading() && started_ && i < n_; ++i)
    core::check(env_functions_.is_sound(env_.get(), columns_.data() + i, n_),
                "saved state of environment {} of {} cannot be", i, spec_.id);
}

template <class Random, class Word>
void Batched<Random, Word>::begin(size_t i, std::byte* obs) {
  episodes_.begin(i);
  auto&& draws = streams_.view().at(i, 0);
  env_functions_.begin(env_.get(), draws, columns_.data() + i, n_, obs + i * env_functions_.obs_bytes);
}

// Of environment i into its row of mask [N, n].
template <class Random, class Word>
void Batched<Random, Word>::action_mask(size_t i, uint8_t* mask) const {
  if (!env_functions_.action_mask) return;
  env_functions_.action_mask(env_.get(), columns_.data() + i, n_, mask + i * size_t(spec_.action.n[0]));
}

template <class Random, class Word>
void Batched<Random, Word>::step_tile(size_t first, const Actions& actions, const StepOut& out) {
  const size_t last = std::min(first + tile, n_);
  uint32_t action[tile];  // 4 bytes wide, as everything in the hot loop
  if (env_functions_.continuous)
    std::memcpy(action, actions.continuous + first, (last - first) * sizeof(float));
  else
    for (size_t i = first; i < last; ++i) action[i - first] = uint32_t(actions.discrete[i]);
  const StepArguments<Random, Word> arguments{
      streams_.view(),      n_,     first,   last,       episodes_.limit, columns_.data(),
      episodes_.age.data(), action, out.obs, out.reward, out.terminated,  out.truncated};
  if (actions.mode) return step_some(arguments, actions.mode, out);
  env_functions_.advance(env_.get(), arguments);
  for (size_t i = first; i < last; ++i) episodes_.returns[i] += double(out.reward[i]);
  for (size_t i = first; i < last; ++i)
    if (out.terminated[i] | out.truncated[i]) end(i, out);
}

// One by one those that do not stay.
template <class Random, class Word>
void Batched<Random, Word>::step_some(const StepArguments<Random, Word>& arguments, const StepMode* mode,
                                      const StepOut& out) {
  for (size_t i = arguments.first; i < arguments.last; ++i) {
    if (mode[i] == StepMode::skip) continue;
    StepArguments<Random, Word> one = arguments;
    one.first = i;
    one.last = i + 1;
    one.action = arguments.action + (i - arguments.first);
    if (mode[i] == StepMode::truncate) one.limit = 0;
    env_functions_.advance(env_.get(), one);
    episodes_.returns[i] += double(out.reward[i]);
    if (out.terminated[i] | out.truncated[i]) end(i, out);
  }
}

template <class Random, class Word>
void Batched<Random, Word>::end(size_t i, const StepOut& out) {
  const size_t bytes = env_functions_.obs_bytes;
  episodes_.end(i, out);
  if (out.final_obs) std::memcpy(out.final_obs + i * bytes, out.obs + i * bytes, bytes);
  if (out.final_action_mask) action_mask(i, out.final_action_mask);
  if (autoreset_) next_episode(int64_t(i), out.obs);
}

template class Batched<core::Pcg64, uint32_t>;
template class Batched<core::Pcg64, uint64_t>;
template class Batched<core::Philox, uint32_t>;
template class Batched<core::Philox, uint64_t>;

}  // namespace envs
