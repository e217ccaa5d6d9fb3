// An environment whose steps are told what they need of libm, beside its naive twin, whose steps ask
// themselves.
#include "envs/batched.h"
#include "envs/classic_control/cartpole.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::look_ahead {

namespace {

using Told = envs::CartPole<envs::Exact>;

// As a stranger's environment is that changes CartPole's step.
struct Asking : Told {
  envs::Outcome step(State& s, Action action, Random& random) const { return Told::step(s, action, random); }
};

static_assert(envs::LooksAhead<Told>);
static_assert(!envs::LooksAhead<Asking>);
static_assert(!envs::LooksAhead<envs::CartPole<envs::Fast>>);

template <class Env>
Batch batch_of(int64_t n, decltype(envs::env_functions<Env>().advance) loop) {
  auto functions = envs::env_functions<Env>();
  functions.advance = loop;
  envs::Spec spec = Env{}.spec();
  spec.max_episode_steps = 30;  // some episodes fall, others end here
  return Batch(std::make_unique<envs::BatchedOf<Env>>(new Env, functions, spec, n));
}

// Everything that two batches write in 120 steps from one seed by the same actions is equal.
bool equal(Batch told, Batch asking) {
  core::Pcg64 random(1);
  told.reset(7);
  asking.reset(7);
  bool same = told.obs == asking.obs;
  for (int t = 0; t < 120; ++t) {
    told.draw_actions(random);
    asking.discrete = told.discrete;
    told.step();
    asking.step();
    same = same && told.obs == asking.obs && told.final_obs == asking.final_obs &&
           told.reward == asking.reward && told.terminated == asking.terminated &&
           told.truncated == asking.truncated && told.returns == asking.returns &&
           told.lengths == asking.lengths;
  }
  return same;
}

}  // namespace

TEST_CASE("CartPole that is told its sines and cosines gives the bits of one that asks libm in each step",
          "[envs]") {
  for (const int64_t n :
       {1, 7, 128, 1003, 2500}) {  // less than the loop looks ahead for, and more than a tile
    INFO(n << " environments");
    CHECK(equal(batch_of<Told>(n, envs::StepLoop<Told>::best()),
                batch_of<Asking>(n, envs::StepLoop<Asking>::best())));
    CHECK(equal(batch_of<Told>(n, envs::StepLoop<Told>::plain),
                batch_of<Asking>(n, envs::StepLoop<Asking>::plain)));
  }
}

}  // namespace tests::look_ahead
