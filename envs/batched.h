// N copies of one environment as columns: plain scalar code, stepped by a loop that the compiler vectorises.
//
//   struct Env {
//     using Params, Random, Action;  // Action: int32_t or float
//     using State, Obs;              // scalars of one width, 4 or 8 bytes
//     Spec spec() const;             // spaces and frame rate
//     State reset(Random&) const;
//     Outcome step(State&, Action, Random&) const;         // for speed: ternaries and |, no branches
//     Obs observe(const State&) const;
//     void draw(const State&, core::Canvas&) const;
//     void action_mask(const State&, uint8_t* row) const;  // where its Spec says that it has one
//   };
//
// Time limit, autoreset and statistics are the holder's. Nothing allocates after construction.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "envs/columns.h"
#include "envs/envs.h"
#include "envs/episodes.h"
#include "envs/streams.h"

namespace envs {

// The pointers of one call of the hot loop: environments first .. last - 1 of n.
template <class Env>
struct StepArguments {
  typename Streams<typename Env::Random>::View random;
  size_t n, first, last;
  int32_t limit;
  WordOf<typename Env::State>* columns;  // [fields, N]
  int32_t* age;                          // [N]
  const typename Env::Action* action;    // [last - first]
  WordOf<typename Env::Obs>* obs;        // [N, O]
  float* reward;                         // [N]
  uint8_t *terminated, *truncated;       // [N]

  // The shape that GCC and clang vectorise: `env` is restrict, so that its constants are read once, before
  // the loop.
  static void advance(const Env* __restrict env, StepArguments l) {
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (size_t i = l.first; i < l.last; ++i) {
      auto s = gather<typename Env::State>(l.columns + i, l.n);
      const int32_t now = l.age[i] + 1;
      auto&& draws = l.random.at(i, now);
      const Outcome outcome = env->step(s, l.action[i - l.first], draws);
      l.age[i] = now;
      l.reward[i] = outcome.reward;
      l.terminated[i] = uint8_t(outcome.terminated);
      l.truncated[i] = now >= l.limit;
      scatter(s, l.columns + i, l.n);
      scatter(env->observe(s), l.obs + i * field_count<typename Env::Obs>, 1);
    }
  }

  // The same loop twice: for any machine and, chosen at run time, for AVX2. Without contraction both give
  // equal bits.
  [[gnu::flatten]] static void plain(const Env* __restrict env, const StepArguments& arguments) {
    advance(env, arguments);
  }
#if defined(__x86_64__)
  [[gnu::flatten, gnu::target("avx2")]] static void avx2(const Env* __restrict env,
                                                         const StepArguments& arguments) {
    advance(env, arguments);
  }
  static auto best() {
    if constexpr (sizeof(WordOf<typename Env::State>) == 4)
      return __builtin_cpu_supports("avx2") ? avx2 : plain;
    else
      return plain;
  }
#else
  static auto best() { return plain; }
#endif
};

template <class Env>
class Batched final : public Envs {
  using State = typename Env::State;
  using Obs = typename Env::Obs;
  using Action = typename Env::Action;
  static constexpr size_t tile = 1024;  // environments: their columns stay in the first-level cache
  static constexpr size_t parallel_from = 32 * tile;  // below, two threads are slower than one

 public:
  // `spec`: env.spec() with id and limits filled in.
  Batched(Env env, Spec spec, int64_t n)
      : env_(std::move(env)),
        spec_(std::move(spec)),
        n_(size_t(n)),
        episodes_(n, spec_.max_episode_steps),
        streams_(n_),
        columns_(n_ * field_count<State>) {}

  const Spec& spec() const override { return spec_; }
  int64_t size() const override { return int64_t(n_); }

  void reset(uint64_t seed, std::byte* obs) override {
    streams_.seed(seed);
    for (size_t i = 0; i < n_; ++i) begin(i, obs);
    started_ = true;
  }

  void step(const Actions& actions, const StepOut& out) override {
    check_started(spec_, started_);
    check_actions(spec_, size(), actions);
    if (n_ < parallel_from) {
      for (size_t first = 0; first < n_; first += tile) step_tile(first, actions, out);
    } else {
#pragma omp parallel for schedule(static)
      for (size_t first = 0; first < n_; first += tile) step_tile(first, actions, out);
    }
  }

  void action_mask(uint8_t* mask) const override {
    for (size_t i = 0; i < n_; ++i) action_mask(i, mask);
  }

  void draw(int64_t i, core::Canvas& canvas) const override {
    env_.draw(gather<State>(columns_.data() + i, n_), canvas);
  }

  void autoreset(bool on) override { autoreset_ = on; }

  void next_episode(int64_t i, std::byte* obs) override {
    streams_.next_episode(size_t(i));
    begin(size_t(i), obs);
  }

  void state(core::Archive& archive) override {
    episodes_.state(archive);
    streams_.state(archive);
    archive("state", columns_);
    archive("started", started_);
    if constexpr (requires(const State& s) { env_.is_sound(s); })
      for (size_t i = 0; archive.loading() && started_ && i < n_; ++i)
        core::check(env_.is_sound(gather<State>(columns_.data() + i, n_)),
                    "saved state of environment {} of {} cannot be", i, spec_.id);
  }

 private:
  void begin(size_t i, std::byte* obs) {
    episodes_.begin(i);
    auto&& draws = streams_.view().at(i, 0);
    const State s = env_.reset(draws);
    scatter(s, columns_.data() + i, n_);
    scatter(env_.observe(s), words(obs) + i * field_count<Obs>, 1);
  }

  // Of environment i into its row of mask [N, n].
  void action_mask(size_t i, uint8_t* mask) const {
    if constexpr (requires(const State& s) { env_.action_mask(s, mask); })
      env_.action_mask(gather<State>(columns_.data() + i, n_), mask + i * size_t(spec_.action.n[0]));
  }

  void step_tile(size_t first, const Actions& actions, const StepOut& out) {
    const size_t last = std::min(first + tile, n_);
    Action action[tile];  // 4 bytes wide, as everything in the hot loop
    for (size_t i = first; i < last; ++i)
      if constexpr (std::is_same_v<Action, float>)
        action[i - first] = actions.continuous[i];
      else
        action[i - first] = Action(actions.discrete[i]);
    const StepArguments<Env> arguments{
        streams_.view(),      n_,     first,          last,       episodes_.limit, columns_.data(),
        episodes_.age.data(), action, words(out.obs), out.reward, out.terminated,  out.truncated};
    if (actions.mode) return step_some(arguments, actions.mode, out);
    advance_(&env_, arguments);
    for (size_t i = first; i < last; ++i) episodes_.returns[i] += double(out.reward[i]);
    for (size_t i = first; i < last; ++i)
      if (out.terminated[i] | out.truncated[i]) end(i, out);
  }

  // One by one those that do not stay.
  void step_some(const StepArguments<Env>& arguments, const StepMode* mode, const StepOut& out) {
    for (size_t i = arguments.first; i < arguments.last; ++i) {
      if (mode[i] == StepMode::skip) continue;
      StepArguments<Env> one = arguments;
      one.first = i;
      one.last = i + 1;
      one.action = arguments.action + (i - arguments.first);
      if (mode[i] == StepMode::truncate) one.limit = 0;
      advance_(&env_, one);
      episodes_.returns[i] += double(out.reward[i]);
      if (out.terminated[i] | out.truncated[i]) end(i, out);
    }
  }

  void end(size_t i, const StepOut& out) {
    constexpr size_t bytes = sizeof(Obs);
    episodes_.end(i, out);
    if (out.final_obs) std::memcpy(out.final_obs + i * bytes, out.obs + i * bytes, bytes);
    if (out.final_action_mask) action_mask(i, out.final_action_mask);
    if (autoreset_) next_episode(int64_t(i), out.obs);
  }

  static WordOf<Obs>* words(std::byte* obs) { return reinterpret_cast<WordOf<Obs>*>(obs); }

  Env env_;
  Spec spec_;
  size_t n_;
  Episodes episodes_;
  Streams<typename Env::Random> streams_;
  std::vector<WordOf<State>> columns_;  // [fields, N]
  bool started_ = false, autoreset_ = true;
  void (*advance_)(const Env*, const StepArguments<Env>&) = StepArguments<Env>::best();
};

}  // namespace envs
