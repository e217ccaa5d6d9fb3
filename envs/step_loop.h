// The hot loop of a batch: plain scalar code of one environment's type, in a shape that the compiler
// vectorises.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/canvas.h"
#include "envs/columns.h"
#include "envs/envs.h"
#include "envs/streams.h"

namespace envs {

// The pointers of one call of the loop: environments first .. last - 1 of n. Word is as wide as the scalars
// of a state.
template <class Random, class Word>
struct StepArguments {
  typename Streams<Random>::View random;
  size_t n, first, last;
  int32_t limit;
  Word* columns;                    // [fields, N]
  int32_t* age;                     // [N]
  const uint32_t* action;           // [last - first] the bits of int32_t or float
  std::byte* obs;                   // [N, O]
  float* reward;                    // [N]
  uint8_t *terminated, *truncated;  // [N]
};

// An environment whose steps need of libm only what the state before them decides, ahead(state), and take it
// as a fourth argument. A call within the loop would keep the compiler from vectorising all that is around
// it; so the loop asks some environments for theirs first. In float the functions are no calls.
template <class Env>
concept LooksAhead = sizeof(WordOf<typename Env::State>) == 8 &&
                     requires(const Env& env, typename Env::State& s, typename Env::Action action,
                              typename Env::Random& random) {
  env.step(s, action, random, env.ahead(s));
};

template <class Env>
class StepLoop {
 public:
  using State = typename Env::State;
  using Obs = typename Env::Obs;
  using Arguments = StepArguments<typename Env::Random, WordOf<State>>;

  // The same loop twice: for any machine and, chosen at run time, for AVX2. Without contraction both give
  // equal bits.
  [[gnu::flatten]] static void plain(const void* __restrict env, const Arguments& arguments) {
    advance(static_cast<const Env*>(env), arguments);
  }
#if defined(__x86_64__)
  [[gnu::flatten, gnu::target("avx2")]] static void avx2(const void* __restrict env,
                                                         const Arguments& arguments) {
    advance(static_cast<const Env*>(env), arguments);
  }
  static auto best() {
    if constexpr (sizeof(Word) == 4 || LooksAhead<Env>)
      return __builtin_cpu_supports("avx2") ? avx2 : plain;
    else
      return plain;
  }
#else
  static auto best() { return plain; }
#endif

 private:
  using Word = WordOf<State>;
  static constexpr size_t block = 128;  // environments that are looked ahead for at once

  static void advance(const Env* __restrict env, const Arguments& l) {
    if constexpr (LooksAhead<Env>)
      for (size_t first = l.first; first < l.last; first += block) advance_block(env, part(l, first));
    else
      loop(env, l, nullptr);
  }

  static Arguments part(Arguments l, size_t first) {
    l.action += first - l.first;
    l.first = first;
    l.last = std::min(l.last, first + block);
    return l;
  }

  static void advance_block(const Env* __restrict env, const Arguments& l) {
    std::array<Word, field_count<typename Env::Ahead> * block> ahead;  // [fields, block]
    for (size_t i = l.first; i < l.last; ++i)
      scatter(env->ahead(gather<State>(l.columns + i, l.n)), ahead.data() + (i - l.first), block);
    loop(env, l, ahead.data());
  }

  // The shape that GCC and clang vectorise: `env` is restrict, so that its constants are read once, before
  // the loop.
  static void loop(const Env* __restrict env, Arguments l, const Word* __restrict ahead) {
    const auto obs = reinterpret_cast<WordOf<Obs>*>(l.obs);
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (size_t i = l.first; i < l.last; ++i) {
      auto s = gather<State>(l.columns + i, l.n);
      const int32_t now = l.age[i] + 1;
      auto&& draws = l.random.at(i, now);
      const Outcome outcome = step(env, s, l.action[i - l.first], draws, ahead, i - l.first);
      l.age[i] = now;
      l.reward[i] = outcome.reward;
      l.terminated[i] = uint8_t(outcome.terminated);
      l.truncated[i] = now >= l.limit;
      scatter(s, l.columns + i, l.n);
      scatter(env->observe(s), obs + i * field_count<Obs>, 1);
    }
  }

  static Outcome step(const Env* __restrict env, State& s, uint32_t bits, typename Env::Random& draws,
                      const Word* __restrict ahead, size_t i) {
    const auto action = std::bit_cast<typename Env::Action>(bits);
    if constexpr (LooksAhead<Env>)
      return env->step(s, action, draws, gather<typename Env::Ahead>(ahead + i, block));
    else
      return env->step(s, action, draws);
  }
};

// What of a batch is the environment's own: all the rest is compiled once for every environment. `state` is
// the first of a state's words, which lie n apart.
template <class Random, class Word>
struct EnvFunctions {
  size_t state_fields, obs_bytes;
  bool continuous;  // the action
  void (*advance)(const void* env, const StepArguments<Random, Word>&);
  void (*begin)(const void* env, Random&, Word* state, size_t n, std::byte* obs);
  void (*draw)(const void* env, const Word* state, size_t n, core::Canvas&);
  void (*action_mask)(const void* env, const Word* state, size_t n, uint8_t* row);  // null: it has none
  bool (*is_sound)(const void* env, const Word* state, size_t n);                   // null: every state is
  void (*destroy)(const void* env);
};

template <class Env>
auto env_functions() {
  using State = typename Env::State;
  using Obs = typename Env::Obs;
  using Random = typename Env::Random;
  using Word = WordOf<State>;
  static_assert(sizeof(typename Env::Action) == 4);
  EnvFunctions<Random, Word> f{.state_fields = field_count<State>,
                               .obs_bytes = sizeof(Obs),
                               .continuous = std::is_same_v<typename Env::Action, float>,
                               .advance = StepLoop<Env>::best()};
  f.begin = [](const void* env, Random& random, Word* state, size_t n, std::byte* obs) {
    const auto* own = static_cast<const Env*>(env);
    const State s = own->reset(random);
    scatter(s, state, n);
    scatter(own->observe(s), reinterpret_cast<WordOf<Obs>*>(obs), 1);
  };
  f.draw = [](const void* env, const Word* state, size_t n, core::Canvas& canvas) {
    static_cast<const Env*>(env)->draw(gather<State>(state, n), canvas);
  };
  if constexpr (requires(const Env& env, const State& s, uint8_t* row) { env.action_mask(s, row); })
    f.action_mask = [](const void* env, const Word* state, size_t n, uint8_t* row) {
      static_cast<const Env*>(env)->action_mask(gather<State>(state, n), row);
    };
  if constexpr (requires(const Env& env, const State& s) { env.is_sound(s); })
    f.is_sound = [](const void* env, const Word* state, size_t n) {
      return static_cast<const Env*>(env)->is_sound(gather<State>(state, n));
    };
  f.destroy = [](const void* env) { delete static_cast<const Env*>(env); };
  return f;
}

}  // namespace envs
