// A disk that is full, played by a limit to what a file may grow to: every command says so and ends with an
// error, and leaves nothing behind.
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

namespace tests::full_disk {

namespace {

// A folder with a finished run of an agent, "run", and of a model, "model".
struct Runs {
  Scratch scratch;
  Runs() {
    scratch.write("x.yaml",
                  "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 20}\n"
                  "reinforce: {episodes_per_update: 1}\ntrain: {steps: 20}\neval: {every: {steps: 1}, "
                  "episodes: 2}\ntarget: {reach: [eval/return_greedy >= 1]}\n");
    scratch.write("m.yaml", "model: vae\ndata: stripes\ntrain: {steps: 1}\n");
    const Output made =
        say("atelier run x.yaml --quiet --out run && atelier run m.yaml --quiet --out model && "
            "atelier export run --format minari --out whole-v0");
    INFO(made.text);
    REQUIRE(made.code == 0);
  }
  Output say(const std::string& command) const { return shell("cd " + scratch.str() + " && " + command); }
};

const Runs& runs() {  // one for all
  static const Runs here;
  return here;
}

}  // namespace

TEST_CASE("a full disk is told by whatever writes, and leaves nothing behind", "[commands][full_disk]") {
  const Runs& here = runs();
  const std::string before = here.say("find . | sort").text;
  for (const std::string command :
       {"report run --out x.html", "report run --charts charts", "export run --format csv --out x.csv",
        "export run --format tensorboard --out events", "export run --format minari --out x-v0",
        "export run --format d4rl --out x.hdf5", "import whole-v0 --out x.h5", "sample model",
        "sample model --out x.png", "env CartPole-v1 --steps 500 --csv x.csv", "watch run --frames frames",
        "watch run --svg x.svg", "watch run --record x.gif", "watch run --record x.gif --max-steps 3",
        "watch run --record x.mp4 --max-steps 3", "results run --episodes 1 --out x.md"}) {
    const Output output = here.say("(ulimit -f 1; atelier " + command + ")");
    INFO(command << '\n' << output.text);
    CHECK((output.code == 1 || output.code == 2));
    CHECK(output.text.find("internal fault") == std::string::npos);
    CHECK(output.text.find("cannot ") != std::string::npos);
    CHECK(here.say("find . | sort").text == before);
  }
}

TEST_CASE("a run that a full disk stops proposes only what helps", "[commands][full_disk]") {
  const Runs& here = runs();
  const Output none = here.say("(ulimit -f 20; atelier run x.yaml --out none); ls -A none; rm -r none");
  INFO(none.text);
  CHECK(none.text.find("--anomaly") == std::string::npos);
  CHECK(none.text.find("--resume") == std::string::npos);
  CHECK(none.text.find("run.h5\n") == none.text.rfind("run.h5\n"));
  const Output some = here.say(
      "(ulimit -f 1000; atelier run x.yaml train.steps=300 --out some); ls -A some;"
      "atelier run --resume some --quiet; echo code $?; rm -r some");
  INFO(some.text);
  CHECK(some.text.find("--anomaly") == std::string::npos);
  CHECK(some.text.find("The last checkpoint is kept; once the cause is removed, go on from it with:\n  "
                       "atelier run --resume some\n") != std::string::npos);
  CHECK(some.text.find("code 0\n") != std::string::npos);
  CHECK(some.text.find(".tmp") == std::string::npos);
}

TEST_CASE("a run goes on without episodes that a full disk has spoilt", "[commands][full_disk]") {
  const Runs& here = runs();
  const Output output = here.say(
      "cp -r run torn && truncate -s 5000 torn/episodes.h5 && atelier run --resume torn train.steps=22 && "
      "atelier run --resume torn train.steps=24; ls torn; rm -r torn");
  INFO(output.text);
  CHECK(output.code == 0);
  const std::string note =
      "note: torn/episodes.h5: is not a whole HDF5 file (truncated, foreign or being written); it is kept as "
      "episodes.damaged.h5, and episodes are recorded anew\n";
  CHECK(output.text.find(note) != std::string::npos);
  CHECK(output.text.find(note) == output.text.rfind(note));
  CHECK(output.text.find("episodes.h5\n") != std::string::npos);
}

TEST_CASE("a command that is stopped leaves nothing half-written", "[commands][full_disk]") {
  const Scratch scratch;
  const Output output = shell(
      wait_for + "cd " + scratch.str() +
      "; atelier watch Pendulum-v1 --max-steps 2000 --record film.mp4 2> /dev/null & pid=$!; i=0; until ls "
      "film.mp4.*.part 2> /dev/null || [ $i = 500 ]; do sleep 0.02; i=$((i + 1)); done; kill -TERM "
      "$pid; wait $pid; echo code $?; ls");
  INFO(output.text);
  CHECK(output.text.find("code 143\n") + 9 == output.text.size());
  CHECK(output.text.find(".part\n") != std::string::npos);
}

TEST_CASE("printing onto a full disk is an error", "[commands][full_disk]") {
  const Runs& here = runs();
  for (const std::string command :
       {"list", "describe ppo", "--help", "--version", "env CartPole-v1 --steps 3", "eval run --episodes 1",
        "run x.yaml train.steps=1 --force --quiet --out again"}) {
    const Output output = here.say("atelier " + command + " > /dev/full");
    INFO(command << '\n' << output.text);
    CHECK(output.code == 1);
    CHECK(output.text.find("atelier: stdout: cannot be written (") != std::string::npos);
  }
  CHECK(here.say("atelier list >&-").code == 0);
  here.say("rm -r again");
}

}  // namespace tests::full_disk
