// What file systems and the names of files do to commands.
#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

namespace {

// A folder with one finished run, "run"; commands are given there.
struct RunPlace {
  Scratch scratch;

  RunPlace() {
    scratch.write("x.yaml",
                  "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 20}\n"
                  "reinforce: {episodes_per_update: 1}\ntrain: {steps: 2}\neval: {episodes: 1}\n"
                  "target: {reach: [eval/return_greedy >= 1]}\n");
    REQUIRE(say("atelier run x.yaml --quiet --out runs/a/seed-0").code == 0);
  }
  Output say(const std::string& command) const { return shell("cd " + scratch.str() + " && " + command); }
  bool has(const std::string& file) const { return std::filesystem::file_size(scratch / file) > 0; }
};

const RunPlace& place() {  // one for all: a run costs a second
  static const RunPlace here;
  return here;
}

}  // namespace

TEST_CASE("what a file system refuses is said, not called an internal fault", "[commands][files]") {
  const RunPlace& here = place();
  const auto refused = [&](const std::string& command, const std::string& said) {
    const Output output = here.say(command);
    INFO(command << "\n" << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(said) != std::string::npos);
    CHECK(output.text.find("internal fault") == std::string::npos);
  };
  refused("TMPDIR=/nowhere atelier report runs/a --charts charts", "/nowhere: ");
  refused("TMPDIR=/nowhere atelier report runs/a --charts charts", "(TMPDIR names it");
  refused("TMPDIR=/nowhere atelier watch runs/a/seed-0 --policy last --frames f", "(TMPDIR names it");
  REQUIRE(here.say("cp -r runs closed && chmod 000 closed/a").code == 0);
  refused(as_anyone("atelier report closed/a"), "closed/a");
  refused(as_anyone("atelier eval closed/a/seed-0"), "Permission denied");
  refused(as_anyone("atelier run x.yaml --out closed/a/b"), "closed/a/b");
  const Output results =
      here.say("cp -r runs/a closed/b && " + as_anyone("atelier results closed --episodes 1"));
  INFO(results.text);
  CHECK(results.code == 0);
  CHECK(results.text.find("passed over: closed/a (Permission denied)") != std::string::npos);
  CHECK(results.text.find("eval/return_greedy") != std::string::npos);
  here.say("chmod 755 closed/a");
}

TEST_CASE("endings are asked for in either case, and no file is an option", "[commands][files]") {
  const RunPlace& here = place();
  for (const char* film : {"FILM.GIF", "-f.gif", "a:b.mp4"}) {
    const Output output = here.say("atelier watch runs/a/seed-0 --record=" + std::string(film));
    INFO(film << output.text);
    CHECK(output.code == 0);
    CHECK(here.has(film));
  }
  CHECK(here.say("atelier watch runs/a/seed-0 --svg=-x.SVG").code == 0);
  CHECK(here.has("-x.SVG"));
  CHECK(here.say("mkdir ./-t && TMPDIR=-t atelier report runs/a --charts=-c").code == 0);
  CHECK(here.has("-c/" + here.say("cd ./-c && find . -name '*.svg' | head -1 | tr -d '\\n'").text));
  here.say("cp runs/a/seed-0/episodes.h5 E.H5");
  CHECK(here.say("atelier watch E.H5 --svg one.svg").code == 0);
  here.scratch.write("m.yaml", "model: vae\ndata: stripes\ntrain: {steps: 1}\n");
  REQUIRE(here.say("atelier run m.yaml --quiet --out model").code == 0);
  CHECK(here.say("atelier sample model --out S.PNG").text == "S.PNG\n");
  CHECK(here.has("S.PNG"));
}

TEST_CASE("a resume refuses every key but the budget's with one message", "[commands][files]") {
  const RunPlace& here = place();
  for (const std::string word : {"seed=9", "env=", "train.seed=3"}) {
    const Output output = here.say("atelier run --resume runs/a/seed-0 " + word);
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(word + ": a resume may change the run's own budget only") != std::string::npos);
  }
  REQUIRE(here.say("atelier run x.yaml --seeds 2 --quiet --out two").code == 0);
  const Output both = here.say("atelier run --resume two seed=9");  // said once, not by each of them
  CHECK(both.code == 2);
  CHECK(both.text.starts_with("atelier: seed=9: a resume may"));
  CHECK(std::count(both.text.begin(), both.text.end(), '\n') == 1);
}

TEST_CASE("a dumb terminal is given no control characters", "[commands][files]") {
  if (!has_terminal()) return;
  const RunPlace& here = place();
  const std::string run = "atelier run x.yaml --force --out again";
  const Output smart = here.say("TERM=xterm script -qec '" + run + "' /dev/null"),
               dumb = here.say("TERM=dumb script -qec '" + run + "' /dev/null");
  INFO(dumb.text);
  CHECK(smart.text.find('\033') != std::string::npos);
  CHECK(dumb.text.find('\033') == std::string::npos);
  CHECK(dumb.text.find("100 %") != std::string::npos);
}

TEST_CASE("of a folder of runs, those that cannot be read are passed over with the reason",
          "[commands][files]") {
  const RunPlace& here = place();
  REQUIRE(here.say("mkdir many && for k in mine theirs shut; do cp -r runs/a/seed-0 many/$k; done; "
                   "chmod 000 many/theirs/run.h5 many/shut")
              .code == 0);
  for (const char* command :
       {"eval many --episodes 1", "export many --format csv --out many.csv", "report many",
        "export many --format d4rl --out many.hdf5", "results many --episodes 1"}) {
    const Output output = here.say(as_anyone("atelier " + std::string(command)));
    INFO(command << '\n' << output.text);
    CHECK(output.code == 0);
    CHECK(output.text.find("many/theirs/run.h5: cannot be read (Permission denied)\n") != std::string::npos);
    CHECK(output.text.find("passed over: many/shut (Permission denied)\n") != std::string::npos);
  }
  const Output alone = here.say(as_anyone("atelier eval many/theirs"));
  CHECK(alone.code == 2);
  CHECK(alone.text == "atelier: many/theirs/run.h5: cannot be read (Permission denied)\n");
  const Output shut = here.say(as_anyone("atelier eval many/shut"));
  CHECK(shut.text == "atelier: many/shut: holds no run that can be read: many/shut (Permission denied)\n");
  here.say("chmod -R 755 many; rm -r many");
}

TEST_CASE("a run in a folder that cannot be written is not gone on with", "[commands][files]") {
  const RunPlace& here = place();
  here.say(
      "cp -r runs/a/seed-0 fixed && chmod 555 fixed && cp -r runs/a/seed-0 kept && chmod 444 kept/run.h5");
  const Output folder = here.say(as_anyone("atelier run --resume fixed train.steps=3")),
               file = here.say(as_anyone("atelier run --resume kept train.steps=3 --quiet"));
  CHECK(folder.code == 2);
  CHECK(folder.text == "atelier: fixed: the folder cannot be written (Permission denied)\n");
  CHECK(file.code == 2);
  CHECK(file.text == "atelier: kept/run.h5: cannot be written (Permission denied)\n");
  here.say("chmod 755 fixed; rm -rf fixed kept");
}

TEST_CASE("a name in a run leads nowhere else, and a link in a run's folder is not followed",
          "[commands][files]") {
  const RunPlace& here = place();
  const std::vector<std::pair<std::string, std::string>> names{
      {"name", "/tmp/evil"}, {"name", "../evil"}, {"name", ".."}, {"seed", "/../../evil"}};
  for (const auto& [attribute, text] : names) {
    here.say("rm -rf strange && cp -r runs/a/seed-0 strange");
    {
      core::h5::File file = core::h5::File::open(here.scratch / "strange/run.h5", true);
      file.unseal();
      file.set("/", attribute, text);
    }
    const Output output = here.say("atelier export strange --format tensorboard --out events");
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find("its " + attribute + " '" + text + "' cannot name a folder") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(here.scratch / "events"));
  }
  const Output output = here.say(
      "rm -rf strange && cp -r runs/a/seed-0 strange && echo mine > mine && "
      "ln -s ../mine strange/last.h5.tmp; atelier run --resume strange train.steps=3 --quiet");
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(here.say("cat mine; ls -A strange").text ==
        "mine\nbest.h5\nepisodes.h5\nlast.h5\nprevious.h5\nrun.h5\n");
  here.say("rm -rf strange mine");
}
