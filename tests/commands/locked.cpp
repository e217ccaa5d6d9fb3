// Two processes that would write in one folder: the second one is told who is there, and nothing is touched.
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

namespace tests::locked {

namespace {

const std::string endless =
    "agent: reinforce\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "reinforce: {episodes_per_update: 2}\n"
    "train: {steps: 10M}\n"
    "eval: {every: {steps: 10M}, episodes: 2}\n";

struct Place {
  Scratch scratch;
  Place() {
    scratch.write("x.yaml", endless);
    scratch.write("s.yaml", "experiment: x.yaml\nkeys: {optim.lr: [1e-3]}\n");
  }
  Output say(const std::string& command) const {
    return shell(wait_for + "cd " + scratch.str() + "; " + command);
  }
};

size_t count(const std::string& text, const std::string& word) {
  size_t n = 0;
  for (size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += word.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("what would write beside a living run is refused at once, and the run goes on",
          "[commands][locked]") {
  const Place here;
  const Output output = here.say(
      "atelier run x.yaml --quiet --out a/seed-0 > told & pid=$!; wait_for a/seed-0/last.h5;"
      "for words in '--resume a/seed-0' '--resume a' 'x.yaml --out a/seed-0' 'x.yaml --force --out a/seed-0'"
      " 'x.yaml --force --seeds 1 --out a'; do atelier run $words; echo code $?; done;"
      "echo pid $pid; kill -TERM $pid; wait $pid; echo ended $?");
  INFO(output.text);
  const std::string pid = output.text.substr(output.text.find("pid ") + 4);
  const std::string who = "a/seed-0: process " + pid.substr(0, pid.find('\n')) + " on ";
  CHECK(count(output.text, who) == 5);
  CHECK(count(output.text, "code 2\n") == 5);
  CHECK(count(output.text, "\n") == 12);  // a sentence each
  CHECK(output.text.find("ended 143\n") != std::string::npos);
  CHECK(core::RunFile(here.scratch / "a/seed-0").attribute("status") == "interrupted");
  CHECK(here.say("ls -A a a/seed-0; cat told").text ==
        "a:\nseed-0\n\na/seed-0:\nlast.h5\nprevious.h5\nrun.h5\na/seed-0\n");
}

TEST_CASE("of many starts in one folder one wins, and its run equals an undisturbed one",
          "[commands][locked]") {
  const Place here;
  const Output output = here.say(
      "run='atelier run x.yaml train.steps=2000 --quiet --force --out'; $run alone > /dev/null;"
      "for k in $(seq 8); do { $run one > out-$k 2> err-$k; echo code $?; } & done; wait;"
      "cat err-*; cat out-*; atelier diff alone one; echo diff $?");
  INFO(output.text);
  CHECK(count(output.text, "code 0\n") >= 1);
  CHECK(count(output.text, "code 0\n") + count(output.text, "code 2\n") == 8);
  CHECK(count(output.text, "is writing here; wait for its end or stop it first\n") ==
        count(output.text, "code 2\n"));
  CHECK(output.text.find("diff 0\n") != std::string::npos);
}

TEST_CASE("a killed run is gone on with at once, and whom --force replaces is told", "[commands][locked]") {
  const Place here;
  const Output output = here.say(
      "atelier run x.yaml --quiet --out a & pid=$!; wait_for a/last.h5; kill -KILL $pid; "
      "atelier run --resume a --quiet & next=$!; sleep 0.1; wait_for a/.lock; "
      "until [ \"$(cut -d' ' -f1 a/.lock)\" = $next ]; do sleep 0.02; done; sleep 0.5;"
      "kill -KILL $next; wait; echo pid $next; atelier run x.yaml train.steps=1 --force --out a");
  INFO(output.text);
  const std::string pid = output.text.substr(output.text.find("pid ") + 4);
  CHECK(output.text.find("is writing here") == std::string::npos);
  CHECK(count(output.text, "a: replaces the run of process ") == 1);
  CHECK(output.text.find(", killed\n") != std::string::npos);
  CHECK(here.say("ls -A a").text == "best.h5\nepisodes.h5\nlast.h5\nprevious.h5\nrun.h5\n");
  CHECK(here.say("atelier run x.yaml train.steps=1 --force --out a").text.find(", finished\n") !=
        std::string::npos);
}

TEST_CASE("seeds and sweeps share their folder with nobody", "[commands][locked]") {
  const Place here;
  const Output output = here.say(
      "atelier run x.yaml --seeds 1 --quiet --out seeds & a=$!; atelier sweep s.yaml --quiet --out swept & "
      "b=$!; wait_for seeds/seed-0/last.h5; wait_for swept/trial-000/last.h5; "
      "for words in 'run x.yaml --seeds 2 --force --out seeds' 'run --resume seeds' 'sweep s.yaml --out "
      "swept' "
      "'run --resume swept/trial-000'; do atelier $words; echo code $?; done; kill -INT $a $b; wait $a $b");
  INFO(output.text);
  CHECK(count(output.text, "code 2\n") == 4);
  CHECK(count(output.text, "seeds: process ") == 1);
  CHECK(count(output.text, "seeds/seed-0: process ") == 1);
  CHECK(count(output.text, "swept: process ") == 1);
  CHECK(count(output.text, "swept/trial-000: process ") == 1);
  CHECK(core::RunFile(here.scratch / "swept/trial-000").attribute("status") == "interrupted");
  CHECK(here.say("ls -d seeds/.lock swept/.lock seeds/seed-1").code != 0);
}

}  // namespace tests::locked
