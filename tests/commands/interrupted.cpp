// What a person who stops a run is told, when, and what is kept of it.
#include "core/hdf5.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string acknowledged = "atelier: stopping after this step; a second signal stops at once\n";

static bool told(const Output& output, const std::string& words) {
  return output.text.find(words) != std::string::npos;
}

// A step of PPO of a minute.
static const std::string slow_ppo =
    "agent: ppo\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "ppo: {num_envs: 4, num_steps: 512, minibatch_size: 4, epochs: 1000}\n"
    "train: {steps: 3}\n"
    "eval: {episodes: 2}\n";

static const std::string never_ending =
    "agent: reinforce\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "reinforce: {episodes_per_update: 2}\n"
    "train: {steps: 10M}\n";

TEST_CASE("a signal is acknowledged at once and drops a long step, and the run goes on from the step before",
          "[commands][signals][interrupted]") {
  const Scratch scratch;
  const std::string run = scratch / "run";
  scratch.write("x.yaml", slow_ppo);
  const Output output = shell(wait_for + "cd " + scratch.str() +
                              "; atelier run x.yaml --out run & a=$!; wait_for run/last.h5; kill -TERM $a; "
                              "sleep 0.2; echo at work; began=$(date +%s); wait $a; echo code $?; "
                              "echo took $(($(date +%s) - began)) s");
  INFO(output.text);
  CHECK(output.text.find(acknowledged) < output.text.find("at work"));
  CHECK(told(output, "code 143"));
  CHECK(told(output, "step 1 was under way and is dropped: the run goes on after step 0\n"));
  CHECK(told(output, "interrupted; go on with: atelier run --resume run\n"));
  CHECK(core::RunFile(run).attribute("status") == "interrupted");
  CHECK(core::h5::File::open(run + "/last.h5").number("/counters", "step") == 0);
  CHECK(core::h5::File::open(run + "/last.h5").number("/counters", "env_steps") == 0);
  const size_t took = output.text.find("took ");
  REQUIRE(took != std::string::npos);
  CHECK(std::stoi(output.text.substr(took + 5)) <= 10);  // of a minute, on a busy machine
}

TEST_CASE("a run that dropped a step ends as one that was never stopped",
          "[commands][signals][interrupted]") {
  const Scratch scratch;
  scratch.write("x.yaml", slow_ppo);
  const std::string less = "ppo.epochs=120 train.steps=1 --quiet --out ";  // seconds
  const Output output = shell(wait_for + "cd " + scratch.str() + "; atelier run x.yaml " + less +
                              "broken & a=$!; wait_for broken/last.h5; kill -TERM $a; wait $a; cp "
                              "broken/last.h5 kept.h5; atelier run "
                              "--quiet --resume broken && atelier run x.yaml " +
                              less + "whole && atelier diff broken whole; echo code $?");
  INFO(output.text);
  CHECK(told(output, "code 0"));
  CHECK(core::h5::File::open(scratch / "kept.h5").number("/counters", "step") == 0);
  CHECK(!told(output, "stopping"));  // --quiet
}

TEST_CASE("interrupted seeds and sweeps say how to go on, and what was stopped is not called a failure",
          "[commands][signals][interrupted]") {
  const Scratch scratch;
  scratch.write("x.yaml", never_ending);
  scratch.write("s.yaml", "experiment: x.yaml\nkeys: {optim.lr: [1e-3, 1e-2]}\n");
  const auto stopped_by = [&](const std::string& words, const std::string& first) {
    return shell(wait_for + "cd " + scratch.str() + "; mkdir 'a b'; atelier " + words +
                 " > said & a=$!; wait_for " + first +
                 "/last.h5; kill -INT $a; wait $a; echo code $?; cat said");
  };
  const Output seeds = stopped_by("run x.yaml --seeds 2 --out 'a b/seeds'", "'a b/seeds/seed-0'");
  INFO(seeds.text);
  CHECK(told(seeds, "seed-0: interrupted\n"));
  CHECK(!told(seeds, "exit code"));
  CHECK(told(seeds, "interrupted; go on with: atelier run --resume 'a b/seeds'\n"));
  CHECK(seeds.text.ends_with("code 130\na b/seeds\n"));
  const Output sweep = stopped_by("sweep s.yaml --out swept", "swept/trial-000");
  INFO(sweep.text);
  CHECK(told(sweep, "interrupted; go on with: atelier sweep s.yaml --out swept\n"));
  CHECK(sweep.text.ends_with("code 130\nswept\n"));
}
