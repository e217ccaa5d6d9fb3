// Files of a run that are damaged or deleted behind its back: the checkpoint before takes the place of a
// damaged one, and what is deleted in mid-run is put back.
#include "tests/catch.h"
#include "tests/commands/process.h"

namespace tests::generations {

namespace fs = std::filesystem;

namespace {

const std::string yaml =
    "agent: dqn\nenv: CartPole-v1\ntrain: {env_steps: 600}\ndqn: {buffer_size: 1000, learning_starts: 100}\n"
    "eval: {episodes: 1}\ntarget: {reach: [eval/return_greedy >= 1]}\n";

// A finished run, "run", of x.yaml.
struct Run {
  Scratch scratch;
  Run() {
    scratch.write("x.yaml", yaml);
    const Output made = say("atelier run x.yaml --quiet --out run");
    INFO(made.text);
    REQUIRE(made.code == 0);
  }
  Output say(const std::string& command) const { return shell("cd " + scratch.str() + " && " + command); }
};

const Run& trained() {
  static const Run here;
  return here;
}

// A copy of it whose last.h5 is cut short.
const std::string damaged = "rm -rf d; cp -r run d; truncate -s -3000 d/last.h5; touch -d '-1 hour' d/*; ";
const std::string note =
    "note: d/last.h5: is damaged (atelier verify says where); previous.h5, the checkpoint of step ";

int count(const std::string& text, const std::string& words) {
  int n = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++n;
  return n;
}

bool says(const Output& output, const std::string& words) {
  INFO(output.text);
  return count(output.text, words) == 1;
}

}  // namespace

TEST_CASE("a run whose last.h5 is damaged goes on from the one before, bit for bit",
          "[commands][generations]") {
  const Run& here = trained();
  const Output output =
      here.say(damaged + "atelier run --resume d && atelier diff run d && ls d && atelier verify d");
  CHECK(output.code == 0);
  CHECK(says(output, note));
  CHECK(says(output, "last.damaged.h5\n"));
  CHECK(says(output, "d/previous.h5: whole\n"));
  // Where it is gone, likewise; where both are damaged, the reader of last.h5 says so.
  const Output gone = here.say(damaged + "rm d/last.h5; atelier run --resume d && atelier diff run d");
  CHECK(gone.code == 0);
  CHECK(says(gone, "note: d/last.h5: is not there; previous.h5"));
  const Output both = here.say(damaged +
                               "truncate -s 100 d/previous.h5; ls d > before; atelier run --resume d; echo "
                               "code $?; ls d | cmp - before");
  CHECK(says(both, "d/last.h5: is not a whole HDF5 file"));
  CHECK(says(both, "code 2\n"));
  CHECK(both.code == 0);
}

TEST_CASE("a run that was stopped before its first checkpoint says how it is begun anew",
          "[commands][generations]") {
  const Output output = trained().say(
      "rm -rf d; cp -r run d; rm d/last.h5 d/previous.h5; atelier run --resume d; echo code $?; rm -r d");
  CHECK(says(output,
             "d: was stopped before its first checkpoint, so there is nothing to go on from; begin it anew "
             "with: atelier run x.yaml --quiet --out run --force\n"));
  CHECK(says(output, "code 2\n"));
}

TEST_CASE("whatever reads last.h5 falls back, but for tables of results", "[commands][generations]") {
  const Run& here = trained();
  const Output eval = here.say(damaged + "atelier eval d --policy last --episodes 1");
  CHECK(eval.code == 0);
  CHECK(says(eval, note));
  const Output verify = here.say("atelier verify d");
  CHECK(verify.code == 1);
  CHECK(says(verify, "d: --resume goes on from previous.h5\n"));
  CHECK(here.say("atelier verify run").code == 0);
  const Output results = here.say("atelier results d --episodes 1");
  CHECK(says(results, "passed over: d/last.h5 is damaged or gone\n"));
  CHECK(count(here.say("atelier eval d --policy best --episodes 1").text, "note: ") == 0);
  CHECK(says(here.say("touch d/last.damaged.h5; atelier run x.yaml --quiet --force --out d && ls -m d"),
             "best.h5, episodes.h5, last.h5, previous.h5, run.h5"));
}

TEST_CASE("what is deleted in mid-run is put back, or the run says that it cannot be",
          "[commands][generations]") {
  const Run& here = trained();
  const std::string longer =
      "atelier run x.yaml train.env_steps=40000 eval.every=1000 log.flush_s=0.05 --out ";
  const std::string begin =
      wait_for + "cd " + here.scratch.str() + "; rm -rf a b; " + longer + "b & pid=$!; wait_for b/best.h5; ";
  const Output output = shell(begin + "rm b/run.h5 b/episodes.h5; wait $pid; echo code $?; " + longer +
                              "a --quiet; atelier diff a b");
  CHECK(output.code == 0);
  CHECK(says(output, "code 0\n"));
  CHECK(says(output, "note: b/run.h5: was deleted; it is there again\n"));
  CHECK(says(output, "note: b/episodes.h5: was deleted; it is there again\n"));
  const Output folder = shell(begin + "rm -rf gone; mv b gone; wait $pid; echo code $?");
  CHECK(says(folder, "atelier: b/"));  // the file that was to be written next
  CHECK(says(folder, "code 1\n"));
  const Output other = shell(begin + "echo other > o; mv o b/run.h5; wait $pid; echo code $?; cat b/run.h5");
  CHECK(says(other, "b/run.h5: was replaced by another file while the run was writing it\n"));
  CHECK(says(other, "code 1\n"));
  CHECK(other.text.ends_with("other\n"));
}

TEST_CASE("another run's checkpoint under a run's own names is refused", "[commands][generations]") {
  const Run& own = trained();
  const Output made =
      own.say("atelier run x.yaml seed=7 --quiet --out other && cp -r run mixed && cp other/best.h5 mixed/");
  INFO(made.text);
  REQUIRE(made.code == 0);
  const auto refused = [&](const std::string& command, const std::string& file) {
    const Output output = own.say(command);
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(file + ": is another run's: its 'seed' is not that of run.h5") !=
          std::string::npos);
  };
  refused("atelier eval mixed --policy best --episodes 1", "mixed/best.h5");
  REQUIRE(own.say("cp other/last.h5 mixed/").code == 0);
  refused("atelier run --resume mixed train.env_steps=900", "mixed/last.h5");
  CHECK(own.say("cmp run/run.h5 mixed/run.h5").code == 0);
}

}  // namespace tests::generations
