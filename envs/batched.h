// N copies of one environment as columns: plain scalar code, stepped by a loop that the compiler vectorises.
//
//   struct Env {
//     using Params, Random, Action;  // Action: int32_t or float
//     using State, Obs;              // scalars of one width, 4 or 8 bytes
//     Spec spec() const;             // spaces and frame rate
//     State reset(Random&) const;
//     Outcome step(State&, Action, Random&) const;         // for speed: ternaries and |, no branches
//     Ahead ahead(const State&) const;                     // optional, for speed in double: what a step asks
//     Outcome step(State&, Action, Random&, const Ahead&) const;           // libm for, before the others do
//     Obs observe(const State&) const;
//     void draw(const State&, core::Canvas&) const;
//     void action_mask(const State&, uint8_t* row) const;  // where its Spec says that it has one
//     bool is_sound(const State&) const;                   // optional: whether a restored state can be
//   };
//
// Time limit, autoreset and statistics are the holder's. Nothing allocates after construction.
#pragma once

#include <memory>
#include <vector>

#include "envs/envs.h"
#include "envs/episodes.h"
#include "envs/step_loop.h"
#include "envs/streams.h"

namespace envs {

// Random: core::Pcg64 or core::Philox; Word: uint32_t or uint64_t. batch() below makes one.
template <class Random, class Word>
class Batched final : public Envs {
 public:
  using Functions = EnvFunctions<Random, Word>;
  // `env` is destroyed by its functions; `spec`: its own with id and limits filled in.
  Batched(const void* env, const Functions& functions, Spec spec, int64_t n);

  const Spec& spec() const override { return spec_; }
  int64_t size() const override { return int64_t(n_); }
  void reset(uint64_t seed, std::byte* obs) override;
  void step(const Actions& actions, const StepOut& out) override;
  void action_mask(uint8_t* mask) const override;
  void draw(int64_t i, core::Canvas& canvas) const override;
  void autoreset(bool on) override { autoreset_ = on; }
  void next_episode(int64_t i, std::byte* obs) override;
  void state(core::Archive& archive) override;

 private:
  void begin(size_t i, std::byte* obs);
  void action_mask(size_t i, uint8_t* mask) const;
  void step_tile(size_t first, const Actions& actions, const StepOut& out);
  void step_some(const StepArguments<Random, Word>& arguments, const StepMode* mode, const StepOut& out);
  void end(size_t i, const StepOut& out);

  Functions env_functions_;
  std::unique_ptr<const void, void (*)(const void*)> env_;
  Spec spec_;
  size_t n_;
  Episodes episodes_;
  Streams<Random> streams_;
  std::vector<Word> columns_;  // [fields, N]
  bool started_ = false, autoreset_ = true;
};

extern template class Batched<core::Pcg64, uint32_t>;
extern template class Batched<core::Pcg64, uint64_t>;
extern template class Batched<core::Philox, uint32_t>;
extern template class Batched<core::Philox, uint64_t>;

template <class Env>
using BatchedOf = Batched<typename Env::Random, WordOf<typename Env::State>>;

// N copies of `env`, an environment of the form above; `spec`: env.spec() with id and limits filled in.
template <class Env>
BatchedOf<Env> batch(const Env& env, Spec spec, int64_t n) {
  return BatchedOf<Env>(new Env(env), env_functions<Env>(), std::move(spec), n);
}

}  // namespace envs
