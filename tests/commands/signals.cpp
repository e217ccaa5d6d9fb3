// What shells, schedulers and terminals send to a run: nothing of it is lost, and nothing runs on unseen.
#include "core/hdf5.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string endless =
    "agent: reinforce\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "reinforce: {episodes_per_update: 2}\n"
    "train: {steps: 10M}\n"
    "checkpoint: {every: {steps: 10M}}\n";

static std::string status(const std::string& run) { return core::RunFile(run).attribute("status"); }

static double step(const std::string& run) {
  return core::h5::File::open(run + "/last.h5").number("/counters", "step");
}

TEST_CASE("a terminal that closes ends the step and keeps a checkpoint, unless nohup says otherwise",
          "[commands][signals]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", endless), run = scratch / "run", kept = scratch / "kept";
  const Output output = shell(
      wait_for + "atelier run " + file + " --out " + run + " & a=$!; nohup atelier run " + file + " --out " +
      kept + " & b=$!; wait_for " + run + "/last.h5; wait_for " + kept +
      "/last.h5; kill -HUP $a $b; wait $a; echo code $?; sleep 0.2; kill -0 $b && echo alive; kill -TERM $b; "
      "wait $b; echo code $?");
  INFO(output.text);
  CHECK(output.text.find("code 129\nalive\n") != std::string::npos);
  CHECK(output.text.find("code 143\n") != std::string::npos);
  for (const auto& folder : {run, kept}) {
    CHECK(status(folder) == "interrupted");
    CHECK(step(folder) > 0);
  }
}

TEST_CASE("a signal to the process and to its group is one, a later second one stops at once",
          "[commands][signals]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", endless), run = scratch / "run", stuck = scratch / "stuck";
  const Output output = shell(
      wait_for + "setsid atelier run " + file + " --out " + run + " & a=$!; atelier run " + file +
      " env=MountainCar-v0 env.gravity=0.01 env.max_episode_steps=1000000 --out " + stuck +
      " & b=$!; wait_for " + run +
      "/last.h5; kill -INT $a; kill -s INT -$a; wait $a; echo code $?; wait_for " + stuck +
      "/last.h5; kill -TERM $b; sleep 0.6; kill -0 $b && echo at work; kill -TERM $b; wait $b; echo code $?");
  INFO(output.text);
  CHECK(output.text.find("code 130\n") < output.text.find("at work\n"));
  CHECK(output.text.find("at work\natelier: stopped at once; --resume goes on from the last checkpoint\n") <
        output.text.find("code 143\n"));
  CHECK(status(run) == "interrupted");
  CHECK(step(run) > 0);
  CHECK(status(stuck) == "running");
}

TEST_CASE("a run whose reader has gone falls silent and goes on", "[commands][signals]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", endless), run = scratch / "run";
  const Output output = shell("{ sleep 0.1; atelier run " + file + " train.steps=3 --out " + run +
                              " 2>&1; echo code $? >&3; } 3>&2 | true");
  CHECK(output.text == "code 0\n");
  CHECK(status(run) == "finished");
}

TEST_CASE("a signal cuts an evaluation short; the resumed run does it anew and ends as one never stopped",
          "[commands][signals]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", endless), whole = scratch / "whole",
                    broken = scratch / "broken";
  const std::string options =
      " --quiet train.steps=3 'eval.every={steps: 1}' eval.episodes=15000 "
      "record.episodes=2 --out ";
  const Output output = shell(wait_for + "atelier run " + file + options + whole + " & b=$!; atelier run " +
                              file + options + broken + " & a=$!; wait_for " + broken +
                              "/episodes.h5; kill -TERM $a; wait $a; echo code $?; "
                              "wait $b");
  INFO(output.text);
  CHECK(output.text.find("code 143\n") != std::string::npos);
  const Output resumed =
      shell("atelier run --quiet --resume " + broken + " && atelier diff " + whole + " " + broken);
  INFO(resumed.text);
  CHECK(resumed.code == 0);
}

TEST_CASE("Ctrl-Z stops the runs of all seeds, and they go on with whoever started them",
          "[commands][signals]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", endless), all = scratch / "all";
  scratch.write("z.sh",
                "set -m\n" + wait_for + "atelier run " + file + " --seeds 2 --out " + all +
                    " & a=$!\nwait_for " + all + "/seed-0/last.h5; wait_for " + all +
                    "/seed-1/last.h5\n"
                    "states() { sleep 0.2; for p in $a $(pgrep -P $a); do cut -d' ' -f3 /proc/$p/stat; "
                    "done | tr '\\n' ' '; }\n"
                    "kill -TSTP $a; echo \"stopped $(states)\"\n"
                    "kill -CONT $a; echo \"going on $(states)\"\n"
                    "kill -TERM $a; wait $a; echo code $?\n");
  const Output output = shell("bash " + scratch / "z.sh");
  INFO(output.text);
  CHECK(output.text.find("stopped T T T") != std::string::npos);
  CHECK(output.text.find("going on S R R") != std::string::npos);
  CHECK(output.text.find("code 143") != std::string::npos);
  for (const char* seed : {"/seed-0", "/seed-1"}) CHECK(status(all + seed) == "interrupted");
}

TEST_CASE("a signal before the run folder exists ends with one line and its code", "[commands][signals]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml", endless);
  for (const std::string quiet : {"", " --quiet"}) {
    const Output output =
        shell("cd " + scratch.str() + " && { atelier run " + file + quiet +
              " & a=$!; until [ \"$(cat /proc/$a/comm)\" = atelier-torch ]; do :; done; kill -TERM $a; "
              "wait $a; echo code $?; }");
    CHECK(output.text ==
          (quiet.empty() ? "atelier: stopped before the run began\n" : "") + std::string("code 143\n"));
    CHECK(!std::filesystem::exists(scratch / "runs"));
  }
}

TEST_CASE("a step of one long update is let go of within two seconds", "[commands][signals]") {
  const Scratch scratch;
  std::string text;
  for (int k = 0; k < 3000; ++k) text += "All the world's a stage. ";
  scratch.write("t.txt", text);
  const std::string file =
      scratch.write("x.yaml",
                    "model: gpt\ndata: {name: text, file: t.txt, block: 128, batch_size: 160}\n"
                    "net: {layers: 6, heads: 4, width: 192}\ntrain: {steps: 100}\n");
  const std::string run = scratch / "run";
  // Its processor time after the signal, which other work beside it does not lengthen; the step takes ten
  // seconds.
  const Output output = shell(
      wait_for + "cd " + scratch.str() + "; atelier run " + file + " --threads 1 --out " + run +
      " & a=$!; wait_for " + run +
      "/last.h5; before=$(awk '{ print 1000 * ($14 + $15) / '$(getconf CLK_TCK)' }' /proc/$a/stat); kill "
      "-TERM $a; wait $a; echo code $?; times > spent; tail -n 1 spent | sed 's/[ms]/ /g' | awk -v "
      "before=$before '{ print \"took\", int(60000 * ($1 + $3) + 1000 * ($2 + $4) - before) }'");
  INFO(output.text);
  CHECK(output.text.find("step 1 was under way and is dropped: the run goes on after step 0") !=
        std::string::npos);
  CHECK(output.text.find("code 143") != std::string::npos);
  CHECK(std::stoi(output.text.substr(output.text.find("took ") + 5)) < 2500);
  CHECK(status(run) == "interrupted");
}
