// Wrappers: each against what it says, alone and inside others.
#include <array>
#include <cmath>
#include <limits>

#include "core/archive.h"
#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::wrappers {

using tests::Batch;

namespace {

constexpr auto options = env_options;
constexpr auto said = env_refusal;

Batch batch(const std::string& section, int64_t n = 1, envs::EnvPurpose use = envs::EnvPurpose::training) {
  return env_batch(section, n, use);
}

float number(const Batch& b, size_t i, size_t k) { return tests::number(b, b.obs, i, k); }

}  // namespace

TEST_CASE("a time limit counts the steps that come in where it stands", "[envs][wrappers]") {
  Batch outside =
      batch("{id: Pendulum-v1, wrappers: [{name: action_repeat, n: 4}, {name: time_limit, steps: 10}]}");
  Batch inside =
      batch("{id: Pendulum-v1, wrappers: [{name: time_limit, steps: 10}, {name: action_repeat, n: 4}]}");
  CHECK(outside.envs->spec().max_episode_steps == 10);
  CHECK(inside.envs->spec().max_episode_steps == 3);
  outside.reset(0);
  inside.reset(0);
  for (int t = 1; t <= 30; ++t) {
    outside.step();
    inside.step();
    CHECK(outside.truncated[0] == (t % 10 == 0));
    CHECK(inside.truncated[0] == (t % 3 == 0));
    if (outside.ended(0)) CHECK(outside.lengths[0] == 40);  // of the environment's own steps
    if (inside.ended(0)) CHECK(inside.lengths[0] == 10);
  }
}

TEST_CASE("a repeated action is that many steps, cut short by an end", "[envs][wrappers]") {
  Batch repeated = batch("{id: CartPole-v1, wrappers: [{name: action_repeat, n: 3}]}", 5),
        plain = batch("CartPole-v1", 5);
  core::Pcg64 random(3);
  repeated.reset(7);
  plain.reset(7);
  std::vector<Batch> alone;  // the naive twin: every environment by itself
  for (size_t i = 0; i < 5; ++i) {
    alone.push_back(batch("CartPole-v1"));
    alone[i].reset(7 + i);
  }
  int ends = 0;
  for (int t = 0; t < 60; ++t) {
    repeated.draw_actions(random);
    repeated.step();
    for (size_t i = 0; i < 5; ++i) {
      float sum = 0;
      alone[i].discrete[0] = repeated.discrete[i];
      for (int k = 0; k < 3; ++k) {
        alone[i].step();
        sum += alone[i].reward[0];
        if (alone[i].ended(0)) break;
      }
      alone[i].reward[0] = sum;
      ends += alone[i].ended(0);
      CHECK(repeated.answer(i) == alone[i].answer(0));
    }
  }
  CHECK(ends > 10);
}

TEST_CASE("sticky actions repeat as often as they say, never an episode's first", "[envs][wrappers]") {
  Batch glued = batch("{id: CartPole-v1, wrappers: [{name: sticky_action, probability: 1}]}", 3);
  Batch first = batch("CartPole-v1", 3), free = batch("CartPole-v1", 3);
  Batch never = batch("{id: CartPole-v1, wrappers: [{name: sticky_action, probability: 0}]}", 3);
  core::Pcg64 random(4);
  for (Batch* each : {&glued, &first, &free, &never}) each->reset(1);
  std::vector<bool> begins(3, true);
  for (int t = 0; t < 100; ++t) {
    glued.draw_actions(random);
    free.discrete = never.discrete = glued.discrete;
    for (size_t i = 0; i < 3; ++i)
      if (begins[i]) first.discrete[i] = glued.discrete[i];
    for (Batch* each : {&glued, &first, &free, &never}) each->step();
    CHECK(glued.answers() == first.answers());
    CHECK(never.answers() == free.answers());
    for (size_t i = 0; i < 3; ++i) begins[i] = first.ended(i);
  }
}

TEST_CASE("a sticky action's chance is the same for environment i alone", "[envs][wrappers]") {
  const std::string section = "{id: CartPole-v1, wrappers: [sticky_action]}";
  Batch many = batch(section, 6), alone = batch(section), plain = batch("CartPole-v1", 6);
  core::Pcg64 random(5);
  many.reset(10);
  alone.reset(14);
  plain.reset(10);
  int other = 0;
  for (int t = 0; t < 200; ++t) {
    many.draw_actions(random);
    alone.discrete[0] = many.discrete[4];
    plain.discrete = many.discrete;
    many.step();
    alone.step();
    plain.step();
    CHECK(many.answer(4) == alone.answer(0));
    other += many.answers() != plain.answers();
  }
  CHECK(other > 100);  // it does stick now and then
}

TEST_CASE("stacked frames are the last ones, oldest first, and the first one repeated", "[envs][wrappers]") {
  Batch stacked = batch("{id: Pendulum-v1, max_episode_steps: 6, wrappers: [{name: frame_stack, n: 3}]}");
  Batch plain = batch("{id: Pendulum-v1, max_episode_steps: 6}");
  CHECK(stacked.envs->spec().observation.shape == std::vector<int64_t>{3, 3});
  core::Pcg64 random(6);
  stacked.reset(2);
  plain.reset(2);
  std::vector<std::vector<std::byte>> seen(3, plain.obs);
  const auto equals = [&](const std::vector<std::byte>& row) {
    std::vector<std::byte> all;
    for (const auto& one : seen) all.insert(all.end(), one.begin(), one.end());
    return all == row;
  };
  CHECK(equals(stacked.obs));
  for (int t = 0; t < 20; ++t) {
    stacked.draw_actions(random);
    plain.continuous = stacked.continuous;
    stacked.step();
    plain.step();
    seen.erase(seen.begin());
    seen.push_back(plain.ended(0) ? plain.final_obs : plain.obs);
    if (plain.ended(0)) {
      CHECK(equals(stacked.final_obs));
      seen.assign(3, plain.obs);
    }
    CHECK(equals(stacked.obs));
  }
}

TEST_CASE("time and states are shown as they say", "[envs][wrappers]") {
  Batch timed = batch("{id: Pendulum-v1, max_episode_steps: 4, wrappers: [time_aware]}");
  timed.reset(0);
  CHECK(number(timed, 0, 3) == 0);
  for (int t = 1; t <= 8; ++t) {
    timed.step();
    float last = 0;
    std::memcpy(&last, timed.final_obs.data() + 3 * sizeof last, sizeof last);
    CHECK(number(timed, 0, 3) == float(t % 4) / 4);
    if (timed.ended(0)) CHECK(last == 1);
  }
  Batch hot = batch("{id: FrozenLake-v1, is_slippery: false, wrappers: [one_hot]}");
  CHECK(hot.envs->spec().observation.shape == std::vector<int64_t>{16});
  hot.reset(0);
  hot.discrete[0] = 1;  // down
  hot.step();
  for (size_t k = 0; k < 16; ++k) CHECK(number(hot, 0, k) == (k == 4 ? 1 : 0));
}

TEST_CASE("actions are clipped and stretched before the environment sees them", "[envs][wrappers]") {
  Batch plain = batch("Pendulum-v1"), clipped = batch("{id: Pendulum-v1, wrappers: [clip_action]}");
  Batch stretched = batch("{id: Pendulum-v1, wrappers: [rescale_action]}");
  CHECK(clipped.envs->spec().action.high[0] == std::numeric_limits<float>::infinity());
  CHECK(stretched.envs->spec().action.low[0] == -1);
  plain.reset(3);
  clipped.reset(3);
  stretched.reset(3);
  for (const float a : {-3.0f, -1.5f, 0.25f, 2.5f}) {
    plain.continuous[0] = std::clamp(a, -2.0f, 2.0f);
    clipped.continuous[0] = a;
    stretched.continuous[0] = plain.continuous[0] / 2;
    plain.step();
    clipped.step();
    stretched.step();
    CHECK(plain.answers() == clipped.answers());
    CHECK(plain.answers() == stretched.answers());
  }
}

TEST_CASE("observations are normalised by all that have come, the judged ones not counted",
          "[envs][wrappers]") {
  const envs::Options section = options("{id: CartPole-v1, wrappers: [normalize_observation]}");
  Batch learning(section.make(4)), plain = batch("CartPole-v1", 4);
  std::vector<double> seen;  // of the first element
  double mean = 0, variance = 1;
  const auto notice = [&] {
    for (size_t i = 0; i < 4; ++i) seen.push_back(double(number(plain, i, 0)));
    double sum = 0,
           square = 0;  // the naive twin: 1e-4 observations of mean 0 and variance 1, then all others
    for (const double x : seen) sum += x;
    const double total = double(seen.size()) + 1e-4;
    mean = sum / total;
    for (const double x : seen) square += (x - mean) * (x - mean);
    variance = (square + 1e-4 * (1 + mean * mean)) / total;
  };
  core::Pcg64 random(8);
  learning.reset(0);
  plain.reset(0);
  notice();
  for (int t = 0; t < 60; ++t) {
    learning.draw_actions(random);
    plain.discrete = learning.discrete;
    learning.step();
    plain.step();
    notice();
    for (size_t i = 0; i < 4; ++i)
      CHECK(double(number(learning, i, 0)) ==
            Approx((double(number(plain, i, 0)) - mean) / std::sqrt(variance + 1e-8)).margin(1e-5));
  }
  Batch judged(section.make(2, envs::EnvPurpose::evaluation)),
      first(section.make(2, envs::EnvPurpose::evaluation));
  first.reset(9);
  judged.reset(30);
  judged.step();
  judged.reset(9);
  CHECK(judged.obs == first.obs);
}

TEST_CASE("rewards are divided by the deviation of the return, except where policies are judged",
          "[envs][wrappers]") {
  const envs::Options section =
      options("{id: Pendulum-v1, wrappers: [{name: normalize_reward, gamma: 0.9}]}");
  Batch learning(section.make(1)), plain = batch("Pendulum-v1"),
                                   judged(section.make(1, envs::EnvPurpose::evaluation));
  learning.reset(0);
  plain.reset(0);
  judged.reset(0);
  std::vector<double> returns;
  double running = 0;
  for (int t = 0; t < 100; ++t) {
    learning.step();
    plain.step();
    judged.step();
    returns.push_back(running = 0.9 * running + double(plain.reward[0]));
    double mean = 0, square = 0;
    const double total = double(returns.size()) + 1e-4;
    for (const double g : returns) mean += g / total;
    for (const double g : returns) square += (g - mean) * (g - mean);
    const double variance = (square + 1e-4 * (1 + mean * mean)) / total;
    CHECK(double(learning.reward[0]) ==
          Approx(double(plain.reward[0]) / std::sqrt(variance + 1e-8)).epsilon(1e-4));
    CHECK(judged.reward[0] == plain.reward[0]);
  }
}

TEST_CASE("for a replay all comes as it is, and is normalised later by the statistics of then",
          "[envs][wrappers]") {
  const std::string section = "{id: Pendulum-v1, wrappers: [normalize_observation, normalize_reward]}";
  const envs::Options learned = options(section), kept = options(section);
  Batch learning(learned.make(3)), replaying(kept.make(3, envs::EnvPurpose::replay)),
      plain = batch("Pendulum-v1", 3);
  const envs::DeferredNormalization deferred = envs::deferred_normalization(kept.wrappers);
  CHECK(replaying.envs->spec().observation.high == plain.envs->spec().observation.high);
  core::Pcg64 random(9);
  for (Batch* each : {&learning, &replaying, &plain}) each->reset(3);
  for (int t = 0; t < 250; ++t) {  // past the end of an episode
    learning.draw_actions(random);
    replaying.continuous = plain.continuous = learning.continuous;
    for (Batch* each : {&learning, &replaying, &plain}) each->step();
    REQUIRE(replaying.answers() == plain.answers());
    for (size_t i = 0; i < 3; ++i) {
      std::array<float, 3> row{};
      for (size_t k = 0; k < 3; ++k) row[k] = number(replaying, i, k);
      deferred.transform(row.data());
      for (size_t k = 0; k < 3; ++k) REQUIRE(row[k] == number(learning, i, k));
      REQUIRE(deferred.reward_scale() * replaying.reward[i] == learning.reward[i]);
    }
  }
  const envs::DeferredNormalization nothing = envs::deferred_normalization(
      options("{id: Pendulum-v1, wrappers: [{name: frame_stack, n: 2}]}").wrappers);
  CHECK_FALSE(bool(nothing.transform));
  CHECK_FALSE(bool(nothing.reward_scale));
}

TEST_CASE("rewards are scaled, then clipped; an episode's return stays the environment's",
          "[envs][wrappers]") {
  Batch changed = batch(
      "{id: CartPole-v1, max_episode_steps: 5, wrappers: [{name: transform_reward, scale: 3, clip: 2}]}");
  changed.reset(0);
  for (int t = 1; t <= 5; ++t) {
    changed.step();
    CHECK(changed.reward[0] == 2);
  }
  CHECK(changed.truncated[0] == 1);
  CHECK(changed.returns[0] == 5);
}

namespace {

const char* const everything =
    "{id: Pendulum-v1, max_episode_steps: 23, wrappers: [{name: action_repeat, n: 2}, {name: time_limit, "
    "steps: 7}, "
    "sticky_action, mask_velocity, {name: white_noise, deviation: 0.02}, {name: delay, steps: 2}, "
    "rescale_action, clip_action, time_aware, normalize_observation, {name: frame_stack, n: "
    "2}, "
    "normalize_reward, {name: transform_reward, scale: 0.5}]}";

}  // namespace

TEST_CASE("what follows a restored state of all wrappers equals what followed its saving",
          "[envs][wrappers]") {
  const envs::Options section = options(everything), fresh = options(everything);
  Batch one(section.make(3)), other(fresh.make(3));
  core::Pcg64 random(2);
  one.reset(5);
  for (int t = 0; t < 30; ++t) {
    one.draw_actions(random);
    one.step();
  }
  core::Archive saved, learned;
  one.envs->state(saved);
  envs::statistics(section.wrappers, learned);
  core::Archive state(saved.blobs()), statistics(learned.blobs());
  other.envs->state(state);
  envs::statistics(fresh.wrappers, statistics);
  for (int t = 0; t < 60; ++t) {
    one.draw_actions(random);
    other.continuous = one.continuous;
    one.step();
    other.step();
    CHECK(one.answers() == other.answers());
  }
}

TEST_CASE("with autoreset off a wrapped environment stays as it ended", "[envs][wrappers]") {
  Batch b = batch(everything);
  b.envs->autoreset(false);
  b.reset(1);
  for (int t = 1; t <= 7; ++t) b.step();
  CHECK(b.truncated[0] == 1);
  CHECK(b.obs == b.final_obs);
  b.envs->next_episode(0, b.obs.data());
  CHECK(b.obs != b.final_obs);
}

TEST_CASE("a list of wrappers reads back to itself, and what is wrong in it is named", "[envs][wrappers]") {
  envs::Options section = options(everything);
  EnvSection again;
  core::Value root = core::Value::map();
  root.set("env", core::parse_yaml(section.yaml(), "env"));
  core::read_options(again, root);
  CHECK(again.env.yaml() == section.yaml());
  CHECK(again.env.wrappers.size() == 13);
  CHECK(said("{id: CartPole-v1, wrappers: [frame_stak]}").find("frame_stack") != std::string::npos);
  CHECK(said("{id: CartPole-v1, wrappers: [{name: frame_stack, m: 2}]}").find("unknown key") !=
        std::string::npos);
  CHECK(said("{id: CartPole-v1, wrappers: frame_stack}").find("a list") != std::string::npos);
  CHECK(said("{id: CartPole-v1, wrappers: [clip_action]}").find("clip_action needs a Box") !=
        std::string::npos);
  CHECK(said("{id: CartPole-v1, wrappers: [one_hot]}").find("one_hot needs Discrete") != std::string::npos);
  CHECK(said("{id: FrozenLake-v1, wrappers: [normalize_observation]}").find("needs a Box") !=
        std::string::npos);
  CHECK(said("{id: CartPole-v1, max_episode_steps: 0, wrappers: [time_aware]}").find("time limit") !=
        std::string::npos);
  CHECK(said("{id: Pendulum-v1, wrappers: [{name: rescale_action, low: 1}]}").find("low below high") !=
        std::string::npos);
  CHECK(tests::message([] {
          options("{id: CartPole-v1, wrappers: [time_aware]}").heuristic();
        }).find("without wrappers") != std::string::npos);
}

}  // namespace tests::wrappers
