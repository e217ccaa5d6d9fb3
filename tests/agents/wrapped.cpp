// What agents see through wrappers: learned with the agent, saved with it, and the same wherever it is
// judged.
#include "agents/all.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/checkpoint.h"

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

TEST_CASE("a population has no room for running statistics", "[agents][wrappers]") {
  const std::string said = refusal([] {
    trial::session(
        "{agent: cma_es, env: {id: Pendulum-v1, wrappers: [normalize_observation]}, train: {steps: 1}}",
        agents::all());
  });
  CHECK(said.find("env.wrappers") != std::string::npos);
}
