// What agents see through wrappers: learned with the agent, saved with it, and the same wherever it is
// judged.
#include <algorithm>
#include <cstring>

#include "agents/all.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

namespace {

const char* const normalized =
    "{agent: ppo, ppo: {num_envs: 4, num_steps: 32, minibatch_size: 64}, net: {hidden: [8]}, train: {steps: "
    "6}, "
    "eval: {episodes: 4}, env: {id: Pendulum-v1, max_episode_steps: 40, "
    "wrappers: [normalize_observation, {name: normalize_reward, gamma: 0.9}]}}";

}  // namespace

TEST_CASE("running statistics are saved with the policy that needs them", "[agents][wrappers]") {
  const Scratch scratch;
  auto run = trial::session(normalized, agents::all());
  trial::learn(run);
  const auto grades = trial::grades(run);
  training::save_checkpoint(run, training::resolved(run.experiment), scratch / "best.h5");

  static const core::Table<training::Entry> none("model", {});
  auto again = training::load_trained(scratch / "best.h5", {agents::all(), none});
  CHECK(trial::grades(again) == grades);
  auto fresh = trial::session(normalized, agents::all());  // the same weights, but nothing known of the world
  training::load_weights(fresh, scratch / "best.h5");
  CHECK(trial::grades(fresh) == grades);
}

TEST_CASE("a policy is judged by the environment's own rewards", "[agents][wrappers]") {
  auto plain = trial::session(normalized, agents::all(), {"env.wrappers=[]", "train.steps=1"});
  auto scaled = trial::session(normalized, agents::all(),
                               {"env.wrappers=[{name: transform_reward, scale: 100}]", "train.steps=1"});
  CHECK(trial::grades(scaled) == trial::grades(plain));  // of the first weights, which are the same
}

TEST_CASE("a replay keeps what was seen, whatever the statistics of the time", "[agents][wrappers]") {
  const std::string yaml =
      "{agent: dqn, dqn: {batch_size: 8, learning_starts: 20, buffer_size: 1000}, train: {env_steps: 400}, "
      "env: {id: MountainCar-v0, wrappers: [normalize_reward, normalize_observation]}}";
  auto run = trial::session(yaml, agents::all());
  trial::learn(run);
  const auto replay = [](const training::Registry::State& s) { return s.path == "/buffers/replay"; };
  const auto& states = run.registry.states;
  core::Archive archive;
  std::find_if(states.begin(), states.end(), replay)->archive(archive);
  const auto floats = [&](const std::string& name) {
    const auto& bytes = archive.blobs().at(name);
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  };
  const std::vector<float> seen = floats("observations"), paid = floats("rewards");
  REQUIRE(seen.size() >= 800);
  bool raw = true, turned = false;
  for (size_t i = 0; i + 1 < seen.size(); i += 2) {
    raw &= seen[i] >= -1.2f && seen[i] <= 0.6f && std::abs(seen[i + 1]) <= 0.07f;
    turned |= seen[i + 1] != 0;
  }
  CHECK(raw);
  CHECK(turned);
  CHECK(std::all_of(paid.begin(), paid.end(), [](float reward) { return reward == -1; }));
}

TEST_CASE("a wrapper that would read what a replay does not keep is refused",
          "[agents][wrappers][bad_input]") {
  const auto said = [](const std::string& list) {
    return refusal([&] {
      trial::session(
          "{agent: dqn, train: {env_steps: 5000}, env: {id: MountainCar-v0, wrappers: [" + list + "]}}",
          agents::all());
    });
  };
  CHECK(said("normalize_observation, {name: frame_stack, n: 2}") ==
        "env.wrappers: what a replay keeps is changed by normalize_observation when it is drawn; expected "
        "frame_stack before it, found it after");
  CHECK(said("normalize_reward, {name: transform_reward, clip: 1}")
            .find("expected transform_reward before it") != std::string::npos);
  CHECK(said("{name: frame_stack, n: 2}, normalize_observation, normalize_reward, {name: action_repeat, n: "
             "2}") == "");
}

TEST_CASE("a population has no room for running statistics", "[agents][wrappers]") {
  const std::string said = refusal([] {
    trial::session(
        "{agent: cma_es, env: {id: Pendulum-v1, wrappers: [normalize_observation]}, train: {steps: 1}}",
        agents::all());
  });
  CHECK(said.find("env.wrappers") != std::string::npos);
}
