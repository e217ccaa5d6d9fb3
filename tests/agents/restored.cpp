// What agents restore is looked over by whoever uses it.
#include <cstring>

#include "agents/evolution/cma.h"
#include "agents/evolution/genetic.h"
#include "agents/evolution/ipop.h"
#include "agents/evolution/observation_moments.h"
#include "agents/evolution/sep_cma_es.h"
#include "agents/evolution/snes.h"
#include "agents/replay.h"
#include "agents/rollout.h"
#include "agents/value/exploration.h"
#include "agents/value/sum_tree.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace agents;

namespace {

// The refusal of `owner`, whose saved state has number k of `name` replaced.
template <class Owner, class T, class... Args>
std::string with(Owner&& owner, const std::string& name, size_t k, T value, Args... args) {
  core::Archive saved;
  owner.state(saved, args...);
  auto blobs = saved.blobs();
  std::memcpy(blobs.at(name).data() + k * sizeof value, &value, sizeof value);
  core::Archive loaded(blobs);
  return refusal([&] { owner.state(loaded, args...); });
}

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("CMA-ES goes on from finite numbers and a covariance alone", "[agents][restored]") {
  Cma search({0, 0}, 1, 6);
  CHECK(with(search, "sigma", 0, 0.5).empty());
  const std::string refused = "saved state of CMA-ES holds numbers that cannot be";
  CHECK(with(search, "sigma", 0, 0.0) == refused);
  CHECK(with(Cma({0, 0}, 1, 6), "mean", 1, infinite) == refused);
  CHECK(with(Cma({0, 0}, 1, 6), "path_c", 0, std::nan("")) == refused);
  CHECK(with(Cma({0, 0}, 1, 6), "covariance", 3, -1.0) == refused);  // on the diagonal
  CHECK(with(Cma({0, 0}, 1, 6), "generation", 0, int64_t{-1}).starts_with("saved state 'generation' holds"));
}

TEST_CASE("searches go on from numbers that can be", "[agents][restored]") {
  CHECK(with(SnesSearch({0, 0}, 1, 6), "sigma", 1, 0.5).empty());
  CHECK(with(SnesSearch({0, 0}, 1, 6), "sigma", 1, 0.0) ==
        "saved state of SNES holds numbers that cannot be");
  CHECK(with(SepCma({0, 0}, 1, 6), "variances", 0, 0.5).empty());
  CHECK(with(SepCma({0, 0}, 1, 6), "variances", 0, -0.5) ==
        "saved state of separable CMA-ES holds numbers that cannot be");
  CHECK(with(SepCma({0, 0}, 1, 6), "path_c", 1, infinite).starts_with("saved state of separable CMA-ES"));
  const GeneticSearch genetic({0, 0}, {.sigma = 1, .population = 6, .parents = 3});
  CHECK(with(GeneticSearch(genetic), "parents", 5, 2.0).empty());
  CHECK(with(GeneticSearch(genetic), "parents", 5, infinite) ==
        "saved state of the genetic algorithm holds numbers that cannot be");
  const Ipop ipop({0, 0}, {.sigma = 1, .population = 6, .restarts = 2});
  CHECK(with(Ipop(ipop), "restarts", 0, int64_t{2}).empty());
  CHECK(with(Ipop(ipop), "restarts", 0, int64_t{3}) == "saved state 'restarts' holds 3, expected 0 .. 2");
  CHECK(with(Ipop(ipop), "start", 1, infinite) == "saved restarts of CMA-ES hold numbers that cannot be");
  CHECK(with(ObservationMoments(2), "squares", 1, 3.0).empty());
  CHECK(with(ObservationMoments(2), "squares", 1, -3.0) ==
        "saved statistics of observations hold numbers that cannot be");
}

TEST_CASE("priorities go on from sums of what can be", "[agents][restored]") {
  Priorities some(4, 0.6);
  for (int64_t k = 0; k < 4; ++k) some.insert(k);
  CHECK(with(some, "greatest", 0, 2.0).empty());
  CHECK(with(some, "greatest", 0, -1.0) == "saved state 'greatest' holds -1, which no priority is");
  const std::string refused = "saved state 'tree' holds priorities that cannot be";
  Priorities others(4, 0.6);
  CHECK(with(others, "tree", 1, 5.0) == refused);       // the root, which is no sum then
  CHECK(with(others, "tree", 4, infinite) == refused);  // a leaf
}

TEST_CASE("an action that lasts is one of those that there are", "[agents][restored]") {
  Exploration lasting(2, 4);
  CHECK(with(lasting, "lasting_action", 1, int64_t{2}, int64_t{3}).empty());
  CHECK(with(lasting, "lasting_action", 1, int64_t{3}, int64_t{3}) ==
        "saved state 'lasting_action' holds 3, expected -1 .. 2");
  CHECK(with(Exploration(2, 4), "lasting_steps", 0, int64_t{5}, int64_t{3}) ==
        "saved state 'lasting_steps' holds 5, expected 0 .. 4");
}

TEST_CASE("restored observations that will be indices are states that there are", "[agents][restored]") {
  envs::Options lake;
  lake.id = "FrozenLake-v1";
  lake.factory = envs::all().at(lake.id, "").factory();
  Rollout rollout(lake, 2, 3);
  rollout.begin(0);
  CHECK(with(rollout, "observation", 1, int32_t{15}).empty());
  CHECK(with(rollout, "observation", 1, int32_t{16}) ==
        "saved state 'observation' of environment 1 is not in Discrete(16)");
  Replay replay(rollout.spec(), 2, 10);
  std::memset(replay.observations(), 0, 2 * sizeof(int32_t));
  CHECK(with(replay, "observations", 1, int32_t{15}).empty());
  CHECK(with(replay, "observations", 1, int32_t{-1}) ==
        "saved replay holds an observation that is not in Discrete(16)");
}

TEST_CASE("restored actions are such as the space has", "[agents][restored]") {
  const auto replay_of = [](const envs::Space& action) {
    Replay replay({.id = "Test", .observation = envs::Space::box({-1}, {1}), .action = action}, 1, 10);
    std::memset(replay.observations(), 0, sizeof(float));
    std::memset(replay.values(), 0, action.bytes());
    const envs::StepOut out = replay.out();
    std::memset(out.obs, 0, sizeof(float));
    *out.reward = 0;
    *out.terminated = *out.truncated = 0;
    replay.advance();
    return replay;
  };
  const envs::Space box = envs::Space::box({-1, -1}, {1, 1}), several = envs::Space::multi_discrete({2, 3});
  CHECK(with(replay_of(box), "actions", 1, 5.0f).empty());  // environments clip
  CHECK(with(replay_of(box), "actions", 1, float(infinite)) ==
        "saved replay holds an action that is not finite");
  CHECK(with(replay_of(several), "actions", 1, int64_t{2}).empty());
  CHECK(with(replay_of(several), "actions", 0, int64_t{2}) == "saved replay holds action 2, expected 0 .. 1");
}
