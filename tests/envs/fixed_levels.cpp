// Levels by number: which episodes there are, whoever plays them and whichever seed begins.
#include "envs/fixed_levels.h"

#include <fmt/format.h>

#include <set>

#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::fixed_levels {

namespace {

std::string section(const std::string& id, const std::string& options) {
  return fmt::format("{{id: {}, {}}}", id, options);
}

// What environment i sees, as bytes.
std::string seen(const Batch& b, size_t i = 0) {
  return {reinterpret_cast<const char*>(b.row(b.obs, i)), b.obs_bytes};
}

// The first observation of each seed's first episode.
std::set<std::string> beginnings(const std::string& env) {
  Batch batch = env_batch(env);
  std::set<std::string> all;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    batch.reset(seed);
    all.insert(seen(batch));
  }
  return all;
}

// What reset with this seed begins, without levels.
std::string beginning(const std::string& id, uint64_t seed) {
  Batch batch = env_batch(id);
  batch.reset(seed);
  return seen(batch);
}

const std::vector<std::string> some_ids{"Arcade/Snake-v0", "LunarLander-v3", "MiniGrid-FourRooms-v0",
                                        "Pendulum-v1", "phys2d/Pendulum-v0"};

}  // namespace

TEST_CASE("level k is the episode of a reset with seed k, luck included, in every environment",
          "[envs][levels]") {
  each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << ' ' << precision);
    const std::string one = "precision: " + precision + ", max_episode_steps: 20";
    Batch plain = env_batch(section(entry.name, one)),
          level = env_batch(section(entry.name, one + ", start_level: 7, num_levels: 1"));
    core::Pcg64 random(1);
    level.reset(3);
    int differing = 0;
    for (int episode = 0; episode < 3; ++episode) {
      plain.reset(7);
      differing += plain.obs != level.obs;
      do {
        plain.draw_actions(random);
        level.discrete = plain.discrete;
        level.continuous = plain.continuous;
        plain.step();
        level.step();
        differing += plain.reward != level.reward || plain.terminated != level.terminated ||
                     plain.truncated != level.truncated;
        differing += plain.ended(0) ? plain.final_obs != level.final_obs || plain.returns != level.returns ||
                                          plain.lengths != level.lengths
                                    : plain.obs != level.obs;
      } while (!plain.ended(0));
    }
    CHECK(differing == 0);
  });
}

TEST_CASE("levels that are drawn are all of the range and no others", "[envs][levels]") {
  for (const std::string& id : some_ids) {
    INFO(id);
    std::set<std::string> single;
    for (uint64_t level = 20; level < 25; ++level) single.insert(beginning(id, level));
    CHECK(beginnings(section(id, "num_levels: 5, start_level: 20")) == single);
  }
}

TEST_CASE("levels from a number on are all others", "[envs][levels]") {
  for (const std::string id : {"LunarLander-v3", "Pendulum-v1", "phys2d/Pendulum-v0"}) {
    INFO(id);
    const auto others = beginnings(section(id, "num_levels: 0, start_level: 25"));
    CHECK(others.size() == 100);
    for (uint64_t level = 0; level < 25; ++level) CHECK_FALSE(others.contains(beginning(id, level)));
  }
}

TEST_CASE("an environment whose level is fixed plays no other", "[envs][levels]") {
  for (const std::string& id : some_ids) {
    INFO(id);
    Batch batch = env_batch(
        section(id, "num_levels: 3, start_level: 20, level_choice: fixed, max_episode_steps: 2"), 5);
    core::Pcg64 random(2);
    batch.reset(4);
    int differing = 0;
    for (int t = 0; t < 8; ++t) {
      for (size_t i = 0; i < batch.n; ++i)
        differing += t % 2 == 0 && seen(batch, i) != beginning(id, 20 + (4 + i) % 3);
      batch.draw_actions(random);
      batch.step();
    }
    CHECK(differing == 0);
  }
}

TEST_CASE("an environment with levels knows neither N nor its neighbours, nor its past", "[envs][levels]") {
  for (const std::string& id : some_ids) {
    INFO(id);
    const std::string levels = section(id, "num_levels: 50, max_episode_steps: 7");
    Batch many = env_batch(levels, 4), alone = env_batch(levels), fresh = env_batch(levels, 4);
    const std::string first = play(alone, 13, 100);
    CHECK(play(alone, 13, 100) == first);
    CHECK(play(alone, 14, 100) != first);
    many.reset(10), alone.reset(13);
    CHECK(seen(many, 3) == seen(alone));
    core::Pcg64 random(3);
    const auto go_on = [&](Batch& batch, core::Pcg64 actions) {
      std::string all;
      for (int t = 0; t < 40; ++t) {
        batch.draw_actions(actions);
        batch.step();
        all += batch.answers();
      }
      return all;
    };
    go_on(many, random);
    core::Archive saved;
    many.envs->state(saved);
    const std::string next = go_on(many, random);
    core::Archive back(saved.blobs());
    fresh.envs->state(back);
    CHECK(go_on(fresh, random) == next);
    core::Archive short_of_one(saved.blobs());
    CHECK_THROWS_AS(env_batch(levels, 5).envs->state(short_of_one), core::Error);
  }
}

TEST_CASE("an ended episode waits for the next one where nobody resets it", "[envs][levels]") {
  Batch batch = env_batch("{id: Pendulum-v1, num_levels: 2, max_episode_steps: 3}", 2);
  batch.envs->autoreset(false);
  batch.reset(0);
  core::Pcg64 random(4);
  for (int t = 0; t < 3; ++t) batch.draw_actions(random), batch.step();
  CHECK((batch.ended(0) && batch.ended(1)));
  CHECK(batch.obs == batch.final_obs);
  batch.envs->next_episode(1, batch.obs.data());
  CHECK(seen(batch, 0) ==
        std::string(reinterpret_cast<const char*>(batch.final_obs.data()), batch.obs_bytes));
  const std::set levels{beginning("Pendulum-v1", 0), beginning("Pendulum-v1", 1)};
  CHECK(levels.contains(seen(batch, 1)));
}

TEST_CASE("masks and wrappers are those of the level's environment", "[envs][levels]") {
  Batch taxi = env_batch("{id: Taxi-v4, num_levels: 4}", 3), plain = env_batch("Taxi-v4", 3);
  plain.reset(0);
  std::vector<uint8_t> mask(18), own(18);
  plain.envs->action_mask(own.data());
  CHECK(taxi.envs->spec().action_mask);
  int compared = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    taxi.reset(seed);
    taxi.envs->action_mask(mask.data());
    for (size_t i = 0; i < 3; ++i)
      if (seen(taxi, i) == seen(plain, i)) {
        CHECK(std::equal(&mask[6 * i], &mask[6 * i] + 6, &own[6 * i]));
        ++compared;
      }
  }
  CHECK(compared > 10);
  const std::string stacked = "wrappers: [{name: frame_stack, n: 3}]";
  Batch levels = env_batch(section("Pendulum-v1", "num_levels: 1, start_level: 5, " + stacked)),
        same = env_batch(section("Pendulum-v1", stacked));
  levels.reset(1), same.reset(5);
  CHECK(levels.obs == same.obs);
}

TEST_CASE("with levels there is no table of outcomes; what cannot be is refused", "[envs][levels]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK(env_options("FrozenLake-v1").transitions().has_value());
  CHECK_FALSE(env_options("{id: FrozenLake-v1, num_levels: 3}").transitions().has_value());
  CHECK_THAT(env_refusal("{id: CartPole-v1, num_levels: -1}"), ContainsSubstring("num_levels"));
  CHECK_THAT(env_refusal("{id: CartPole-v1, level_choice: any}"), ContainsSubstring("fixed"));
  Batch batch = env_batch("{id: CartPole-v1, num_levels: 3}", 3);
  CHECK_THAT(message([&] { batch.step(); }), ContainsSubstring("before the first reset"));
  batch.reset(0);
  batch.discrete[2] = 5;
  CHECK_THAT(message([&] { batch.step(); }), ContainsSubstring("environment 2"));
}

}  // namespace tests::fixed_levels
