// An environment that is a table of outcomes and a picture of a state; the observation is the state's number.
//
//   struct World {
//     using Params;                         // with fields()
//     explicit World(const Params&);        // checks them
//     Transitions table() const;
//     void draw(int64_t state, core::Canvas&) const;
//     int64_t time_limit() const;           // optional: where it depends on the options
//   };
#pragma once

#include "envs/envs.h"
#include "envs/transitions.h"

namespace envs {

template <class Math, class World>
class Tabular {
 public:
  using Random = typename Math::Random;
  using Params = typename World::Params;
  using Action = int32_t;
  struct State {
    int32_t number;
  };
  using Obs = State;

  explicit Tabular(const Params& params) : Tabular(World(params)) {}

  Spec spec() const {
    Spec spec{.observation = Space::discrete(sampler_.states(), Dtype::int32),
              .action = Space::discrete(sampler_.actions()),
              .fps = 4};
    if constexpr (requires { world_.time_limit(); }) spec.max_episode_steps = world_.time_limit();
    return spec;
  }
  State reset(Random& random) const { return {sampler_.start(random)}; }
  Outcome step(State& s, Action action, Random& random) const {
    return sampler_.step(s.number, action, random);
  }
  bool is_sound(const State& s) const { return s.number >= 0 && s.number < sampler_.states(); }
  Obs observe(const State& s) const { return s; }
  void draw(const State& s, core::Canvas& canvas) const { world_.draw(s.number, canvas); }

 private:
  explicit Tabular(const World& world) : world_(world), sampler_(world.table()) {}

  World world_;
  Sampler<Math> sampler_;
};

}  // namespace envs
