// A few of the faults that tests/faults.sh plays, call after call: a writing call fails, or the process dies
// in the midst of it. Nothing that was reached is lost, and nothing lies.
#include <algorithm>

#include "tests/catch.h"
#include "tests/commands/process.h"

namespace tests::faults {

namespace {

const std::string yaml =
    "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 20}\nreinforce: {episodes_per_update: 1}\n"
    "train: {steps: 4}\neval: {every: {steps: 2}, episodes: 2}\ncheckpoint: {every: {steps: 2}}\n"
    "log: {flush_s: 0.01}\n";

struct Place {
  Scratch scratch;
  Place() {
    scratch.write("x.yaml", yaml);
    REQUIRE(say("atelier run x.yaml --quiet --out whole").code == 0);
  }
  Output say(const std::string& command) const { return shell("cd " + scratch.str() + " && " + command); }
  // The run in the folder `run`, whose call `at` goes wrong; the text ends with "calls N", unless it died.
  Output run(int at, const std::string& how, const std::string& error) const {
    return say(
        "rm -rf run count; mkdir run; ATELIER_FAULTS_BELOW=$(pwd -P)/run ATELIER_FAULTS_COUNT=$(pwd "
        "-P)/count ATELIER_FAULTS_AT=" +
        std::to_string(at) + " ATELIER_FAULTS_HOW=" + how + " ATELIER_FAULTS_ERROR=" + error +
        " LD_PRELOAD='" + programs() +
        "/libtests_faults.so' atelier run x.yaml --quiet --out run; code=$?; [ ! -e count ] || echo calls "
        "$(cat count); exit $code");
  }
  int calls() const {
    const Output counted = run(0, "counted", "EIO");
    INFO(counted.text);
    REQUIRE(counted.code == 0);
    return std::stoi(counted.text.substr(counted.text.find("calls ") + 6));
  }
  // What is left goes on, or begins anew, and ends as the whole one. A disk that refuses may spoil
  // episodes.h5, which the resume puts aside (docs/run-file.md): then all but the episodes before is as it
  // was.
  void check_going_on() const {
    const Output output =
        say("if ls run/last.h5 run/previous.h5 > /dev/null 2>&1; then atelier verify run > said; "
            "! grep -vE ': whole$|/episodes.h5: ' said && { atelier run --quiet --resume run || "
            "atelier run --resume run 2>&1 | grep -q 'used up its budget'; }; else "
            "atelier run x.yaml --quiet --force --out run; fi && "
            "{ [ ! -e run/episodes.damaged.h5 ] || cp whole/episodes.h5 run/episodes.h5; } && "
            "atelier diff whole run && ls -A run");
    INFO(output.text);
    CHECK(output.code == 0);
    CHECK(output.text.find(".tmp") == std::string::npos);
    CHECK(output.text.find(".part\n") == std::string::npos);
    CHECK(output.text.find(".lock") == std::string::npos);
  }
};

// A handful of the calls: the first, the last, and some that the seed chooses, the same ones every time.
std::vector<int> some(int calls, int count) {
  std::vector<int> chosen{1, calls};
  for (int k = 1; k <= count; ++k) chosen.push_back(1 + k * 7919 % calls);
  return chosen;
}

}  // namespace

TEST_CASE("a writing call that fails ends a run with a message, or changes nothing", "[commands][faults]") {
  const Place here;
  const int calls = here.calls();
  REQUIRE(calls > 50);
  const std::string errors[] = {"ENOSPC", "EDQUOT", "EIO"}, ways[] = {"once", "on", "half"};
  int k = 0, ended = 0;
  for (const int at : some(calls, 7)) {
    const std::string &error = errors[k % 3], &how = ways[k / 3 % 3];
    ++k;
    const Output output = here.run(at, how, error);
    INFO("call " << at << " of " << calls << ", " << error << ", " << how << '\n' << output.text);
    CHECK((output.code == 0 || output.code == 1 || output.code == 2));
    CHECK(output.text.find("internal fault") == std::string::npos);
    CHECK((output.text.find("atelier: ") == std::string::npos) == (output.code == 0));
    ended += output.code != 0;
    here.check_going_on();
  }
  CHECK(ended > 0);
}

TEST_CASE("where the last words of a new run.h5 are refused, there is none", "[commands][faults]") {
  const Place here;
  int refused = 0;
  for (int at = 30; at < 39; ++at) {  // about the flush of run.h5.tmp and its close
    const Output output = here.run(at, "once", "EDQUOT"), left = here.say("ls -A run");
    INFO("call " << at << '\n' << output.text << left.text);
    CHECK(left.text.find(".tmp") == std::string::npos);
    CHECK((output.code == 0 || (output.code == 1 && left.text.empty())));
    refused += output.text.find("run.h5.tmp: cannot close") != std::string::npos;
  }
  CHECK(refused > 0);
}

TEST_CASE("a run that is killed at a writing call, or in the midst of it, goes on bit for bit",
          "[commands][faults]") {
  const Place here;
  const int calls = here.calls() * 3 / 4;  // flushes follow the clock: another run has some fewer, or more
  int k = 0;
  for (const int at : some(calls, 4)) {
    const std::string how = ++k % 2 == 0 ? "killed" : "torn";
    const Output output = here.run(at, how, "EIO");
    INFO("call " << at << " of " << calls << ", " << how << '\n' << output.text);
    CHECK(output.code == 137);
    here.check_going_on();
  }
}

TEST_CASE("a clock that jumps an hour ahead and back changes no run", "[commands][faults]") {
  const Place here;
  const Output output =
      here.say("ATELIER_FAULTS_CLOCK=3600 LD_PRELOAD='" + programs() +
               "/libtests_faults.so' atelier run x.yaml --quiet --out run && atelier verify "
               "run && atelier diff whole run");
  INFO(output.text);
  CHECK(output.code == 0);
}

TEST_CASE("a limit to memory that is too small is told at once", "[commands][faults]") {
  const Place here;
  const Output output = here.say(
      "(ulimit -v 700000; atelier run x.yaml --quiet --out small; echo code $?; atelier run x.yaml --seeds 1 "
      "--quiet --out small; echo code $?); ls small 2> /dev/null | grep run.h5");
  INFO(output.text);
  CHECK(output.text.find("atelier: LibTorch needs 1.07 GB of address space, and the limit is 717 MB (ulimit "
                         "-v)\ncode 2\n") == 0);
  CHECK(output.text.find("run.h5") == std::string::npos);
  CHECK(here.say("(ulimit -d 400000; timeout 20 atelier run x.yaml --quiet --out small)").text ==
        "atelier: LibTorch needs 805 MB of data, and the limit is 410 MB (ulimit -d)\n");
  const Output film = here.say("(ulimit -v 900000; atelier watch CartPole-v1 --record x.gif --max-steps 3)");
  INFO(film.text);
  CHECK(film.code == 2);
  CHECK(film.text.find("ffmpeg, which needs 1.5 GB of address space; ulimit -v allows 922 MB") !=
        std::string::npos);
}

TEST_CASE("a limit to open files that is too small is told at once, and raised where it may be",
          "[commands][faults]") {
  const Place here;
  const std::string run = "atelier run x.yaml --quiet --out few; echo code $?";
  CHECK(here.say("(ulimit -n 9; " + run + "); ls few 2> /dev/null").text ==
        "atelier: only 9 files may be open at once, 16 are needed (ulimit -n 16)\ncode 2\n");
  const Output raised = here.say("(ulimit -Sn 9; " + run + ") && atelier verify few");
  INFO(raised.text);
  CHECK((raised.code == 0 && raised.text.find("code 0") != std::string::npos));
}

}  // namespace tests::faults
