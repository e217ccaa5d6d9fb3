// The command line as the README tells it: what each command does and the codes it ends with.
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/hdf5.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"
#include "tests/places.h"

using namespace tests;

static const std::string tiny =
    "agent: reinforce\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "reinforce: {episodes_per_update: 2}\n"
    "train: {steps: 4}\n"
    "eval: {episodes: 3}\n";

TEST_CASE("help is everywhere and ends with 0", "[commands][command_line]") {
  for (const char* command :
       {"", "run", "check", "eval", "sample", "list", "describe", "watch", "report", "results", "diff", "env",
        "graph", "document", "export", "import", "sweep", "bench", "test"}) {
    const Output output = shell(std::string("atelier ") + command + " --help");
    INFO(command << output.text);
    CHECK(output.code == 0);
    CHECK(output.text.find("Usage") != std::string::npos);
  }
  CHECK(shell("atelier").code == 2);
  CHECK(shell("atelier fly").code == 2);
}

TEST_CASE("list prints name, tab, sentence; describe knows every listed name", "[commands][command_line]") {
  for (const char* kind : {"envs", "wrappers", "agents", "models", "data", "experiments"}) {
    const Output output = shell(std::string("atelier list ") + kind);
    REQUIRE(output.code == 0);
    std::istringstream lines(output.text);
    size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      INFO(line);
      const size_t tab = line.find('\t');
      REQUIRE(tab != std::string::npos);
      CHECK(line.size() > tab + 10);
      if (std::string(kind) != "experiments")
        CHECK(shell("atelier describe " + line.substr(0, tab)).code == 0);
    }
    CHECK(count > 0);
  }
  const Output unknown = shell("atelier describe reinforcement");
  CHECK(unknown.code == 2);
  CHECK(unknown.text.find("reinforce") != std::string::npos);
}

TEST_CASE("graph tells an expression's value and slopes, and draws it by the ending of its file",
          "[commands][command_line]") {
  const Scratch scratch;
  const std::string words = "atelier graph 'a*b + a*d' a=3 b=5 d=9 --out ";
  for (const char* ending : {"dot", "svg", "png", "pdf"}) {
    const Output output = shell(words + scratch / (std::string("graph.") + ending));
    INFO(output.text);
    CHECK(output.code == 0);
    CHECK(output.text == "value = 42\nd/da = 14\nd/db = 3\nd/dd = 3\n");
    CHECK(std::filesystem::file_size(scratch / (std::string("graph.") + ending)) > 200);
  }
  CHECK(shell(words + scratch / "graph.txt").code == 2);
  for (const char* wrong : {"'a*' a=1", "a", "a a", "a a=x", "a a=1 b=2"})
    CHECK(shell(std::string("atelier graph ") + wrong).code == 2);
}

TEST_CASE("describe gives default, range and sentence of options, and the metrics",
          "[commands][command_line]") {
  const Output output = shell("atelier describe reinforce");
  CHECK(output.text.find("reinforce.gamma") != std::string::npos);
  CHECK(output.text.find("0.99") != std::string::npos);
  CHECK(output.text.find("0 .. 1") != std::string::npos);
  CHECK(output.text.find("eval/return_greedy") != std::string::npos);
  const Output schema = shell("atelier describe experiment");
  for (const char* key :
       {"optim.lr", "train.env_steps", "eval.every", "checkpoint.every", "log.every", "record."})
    CHECK(schema.text.find(key) != std::string::npos);
}

TEST_CASE("a run leaves the folder that the documents promise", "[commands][command_line]") {
  const Scratch scratch;
  scratch.write("tiny.yaml", tiny);
  const Output output = shell("cd " + scratch.str() + " && atelier run tiny.yaml seed=7");
  INFO(output.text);
  REQUIRE(output.code == 0);
  const std::filesystem::path run = std::filesystem::path(scratch / "runs/tiny/latest/seed-7");
  for (const char* file : {"run.h5", "episodes.h5", "last.h5", "best.h5"})
    CHECK(std::filesystem::exists(run / file));
  const core::RunFile file(run);
  CHECK(file.attribute("status") == "finished");
  CHECK(file.attribute("seed") == "7");
  CHECK(file.rows("train/policy_loss").size() + file.rows("train/loss").size() >= 4);
  CHECK(file.rows("eval/return_sampled").size() >= 1);
  CHECK(file.config().find("gamma: 0.99") != std::string::npos);
  CHECK(shell("atelier report " + (scratch / "runs/tiny")).code == 0);
  CHECK(shell("cd " + scratch.str() + " && atelier report runs/tiny --out r.html --charts charts").code == 0);
  for (const char* written : {"r.html", "charts/env_steps/mean/eval-return_greedy.pdf"})
    CHECK(std::filesystem::exists(scratch / written));
  const Output eval = shell("atelier eval --json --episodes 4 " + (scratch / "runs/tiny"));
  INFO(eval.text);
  const auto rows = nlohmann::json::parse(eval.text);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("metrics").at("eval/return_greedy").get<double>() > 0);
}

TEST_CASE("a run says at its start how much memory its replay takes", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("x.yaml",
                                         "agent: dqn\nenv: CartPole-v1\n"
                                         "dqn: {buffer_size: 500, learning_starts: 200}\n"
                                         "train: {env_steps: 300}\neval: {episodes: 1}\n");
  const Output output = shell("atelier run " + file + " --out " + (scratch / "run"));
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find("a replay of 500 transitions of CartPole-v1 takes 15.3 kB of memory") !=
        std::string::npos);
}

TEST_CASE("the same seed gives the same run, another seed another", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", tiny);
  for (const char* name : {"a", "b"})
    REQUIRE(shell("atelier run " + file + " --quiet --out " + (scratch / name)).code == 0);
  REQUIRE(shell("atelier run " + file + " seed=1 --quiet --out " + (scratch / "c")).code == 0);
  CHECK(shell("atelier diff " + (scratch / "a") + " " + (scratch / "b")).code == 0);
  CHECK(shell("atelier diff " + (scratch / "a") + " " + (scratch / "c")).code == 1);
}

TEST_CASE("evaluating and logging more often does not change training", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", tiny);
  REQUIRE(shell("atelier run " + file + " --quiet --out " + (scratch / "a")).code == 0);
  REQUIRE(shell("atelier run " + file +
                " 'eval.every={steps: 1}' eval.episodes=5 'log.every={steps: 2}' --quiet --out " +
                (scratch / "b"))
              .code == 0);
  const auto weights = [&](const char* run) {
    return core::h5::File::open(std::string(scratch / run) + "/last.h5")
        .read<float>("/parameters/policy/output.weight", {core::h5::any, core::h5::any});
  };
  CHECK(weights("a") == weights("b"));
}

TEST_CASE("seeds run side by side, each in its folder", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", tiny);
  const Output output = shell("atelier run " + file + " seed=3 --seeds 3 --out " + (scratch / "all"));
  INFO(output.text);
  REQUIRE(output.code == 0);
  for (const char* seed : {"3", "4", "5"})
    CHECK(core::RunFile(scratch / (std::string("all/seed-") + seed)).attribute("seed") == seed);
  const Output report = shell("atelier report " + (scratch / "all"));
  INFO(report.text);
  CHECK(report.code == 0);
}

TEST_CASE("a folder of seeds resumes seed by seed", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", tiny), all = scratch / "all";
  const std::vector<std::string> runs{all + "/seed-0/run.h5", all + "/seed-1/run.h5"};
  const Output broken =
      stopped("atelier run " + file + " train.steps=10M --seeds 2 --out " + all, "INT", runs);
  INFO(broken.text);
  for (const char* seed : {"/seed-0", "/seed-1"}) {
    REQUIRE(core::RunFile(all + seed).attribute("status") == "interrupted");
    REQUIRE(std::filesystem::exists(all + seed + "/last.h5"));
  }
  const Output refused = shell("atelier run --resume " + all + " optim.lr=1");
  CHECK(refused.code == 2);  // said once, before any of them begins
  const Output again = stopped("atelier run --resume " + all, "INT", runs);
  INFO(again.text);
  CHECK(again.text.find("code 130") != std::string::npos);
  for (const char* seed : {"/seed-0", "/seed-1"})
    CHECK(core::RunFile(all + seed).attribute("status") == "interrupted");
}

TEST_CASE("early stop, one batch, and start weights do what they say", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file =
      scratch.write("xor.yaml", "model: mlp\ndata: xor\ntrain: {steps: 400}\noptim: {lr: 1e-2}\n");
  const Output early =
      shell("atelier run " + file +
            " train.early_stop.patience=2 train.early_stop.min_delta=10 'eval.every={steps: 10}' --out " +
            (scratch / "early"));
  INFO(early.text);
  REQUIRE(early.code == 0);
  const auto stopped = [&] { return core::RunFile(scratch / "early"); };  // opened anew: HDF5 remembers
  CHECK(stopped().attribute("stopped_early") == "true");
  CHECK(stopped().rows("valid/accuracy").size() == 3);
  CHECK(stopped().rows("test/accuracy").size() == 1);
  REQUIRE(shell("atelier run --quiet --resume " + (scratch / "early") + " train.steps=800").code == 0);
  CHECK(stopped().rows("valid/accuracy").size() == 5);  // it has waited anew
  REQUIRE(
      shell("atelier run " + file + " train.overfit_batch=true --quiet --out " + (scratch / "one")).code ==
      0);
  CHECK(core::RunFile(scratch / "one").rows("train/loss").back().value < 0.05);
  REQUIRE(shell("atelier run " + file + " train.steps=1 optim.lr=0 train.init_from=" + (scratch / "one") +
                " --quiet --out " + (scratch / "from"))
              .code == 0);
  const auto weights = [&](const char* run, const char* which) {
    return core::h5::File::open(scratch / (std::string(run) + which))
        .read<float>("/parameters/" + std::string("net") + "/output.weight", {core::h5::any, core::h5::any});
  };
  CHECK(weights("from", "/last.h5") == weights("one", "/best.h5"));
}

TEST_CASE("a file that may not grow fails the run and keeps the last checkpoint",
          "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", tiny), run = scratch / "run";
  REQUIRE(shell("atelier run " + file + " --quiet --out " + (scratch / "small")).code == 0);
  const size_t blocks =
      std::filesystem::file_size(scratch / "small/run.h5") / 512 + 24;  // of a POSIX shell's limit
  const Output output =
      shell(fmt::format("(ulimit -f {}; atelier run {} train.steps=100k 'checkpoint.every={{steps: 50}}' "
                        "log.flush_s=0 --quiet --out {})",
                        blocks, file, run));
  INFO(output.text);
  CHECK(output.code == 1);
  const bool told = output.text.find("File too large") != std::string::npos ||  // of what grows in its place
                    output.text.find("disk full?") != std::string::npos;
  CHECK(told);
  CHECK(core::h5::File::open(run + "/last.h5").number("/counters", "step") >= 50);
}

TEST_CASE("SIGINT finishes the step, keeps a checkpoint and says how to go on", "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", tiny);
  const Output output = stopped("atelier run " + file + " train.steps=10M --out " + (scratch / "run"), "INT",
                                {scratch / "run/run.h5"});
  INFO(output.text);
  CHECK(output.text.find("code 130") != std::string::npos);
  CHECK(output.text.find("--resume") != std::string::npos);
  CHECK(core::RunFile(scratch / "run").attribute("status") == "interrupted");
  CHECK(std::filesystem::exists(scratch / "run/last.h5"));
}

TEST_CASE("a run that was stopped leaves the test data alone; the end of the resumed one grades them once",
          "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("xor.yaml", "model: mlp\ndata: xor\ntrain: {steps: 1M}\n"),
                    run = scratch / "run";
  const Output broken = stopped("atelier run " + file +
                                    " --quiet 'eval.every={steps: 50}' 'log.every={steps: "
                                    "100}' --out " +
                                    run,
                                "TERM", {run + "/best.h5"});
  INFO(broken.text);
  CHECK(broken.text.find("code 143") != std::string::npos);
  CHECK(core::RunFile(run).rows("test/accuracy").empty());
  const auto step = static_cast<int64_t>(core::h5::File::open(run + "/last.h5").number("/counters", "step"));
  for (const int64_t more : {1, 60}) {  // the longer run is another one: what the shorter reached goes
    const Output resumed =
        shell("atelier run --resume " + run + " train.steps=" + std::to_string(step + more));
    INFO(resumed.text);
    REQUIRE(resumed.code == 0);
    CHECK(resumed.text.find("test/accuracy") != std::string::npos);
    const auto rows = core::RunFile(run).rows("test/accuracy");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].step == step + more);
  }
}

TEST_CASE("check validates and writes nothing", "[commands][command_line]") {
  const Scratch scratch;
  scratch.write("tiny.yaml", tiny);
  const Output output = shell("cd " + scratch.str() + " && atelier check tiny.yaml");
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find("parameters") != std::string::npos);
  CHECK(!std::filesystem::exists(scratch / "runs"));
}

TEST_CASE("random play takes actions that change something, and a file of actions any",
          "[commands][command_line]") {
  const Scratch scratch;
  const std::string csv = scratch / "x.csv";
  REQUIRE(shell("atelier env Taxi-v4 --steps 700 --num-envs 3 --seed 0 --csv " + csv).code == 0);
  CHECK(shell("[ $(wc -l < " + csv + ") -gt 2100 ]").code == 0);
  CHECK(shell("grep -c ',-10.0,' " + csv).text == "0\n");  // a pick-up or drop where there is none
  const std::string actions = scratch.write("actions.txt", "5\n5\n5\n");
  REQUIRE(shell("atelier env Taxi-v4 --seed 0 --actions " + actions + " --csv " + csv).code == 0);
  CHECK(shell("grep -c ',-10.0,' " + csv).text == "3\n");
}

TEST_CASE("every shipped experiment passes check", "[commands][command_line]") {
  std::string names;
  int64_t files = 0;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(tests::repository() + "/experiments")) {
    const bool sweep = file.path().parent_path().filename() == "sweeps";
    if (file.path().extension() != ".yaml" || sweep) continue;
    names += " " + file.path().stem().string();
    ++files;
  }
  const Output output = shell("cd / && atelier check" + names);
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(std::ranges::count(output.text, '\n') >= files);
}

TEST_CASE("check of several files tells of each, and ends with the worst code", "[commands][command_line]") {
  const Scratch scratch;
  scratch.write("tiny.yaml", tiny);
  scratch.write("odd.yaml", std::string(tiny) + "colour: red\n");
  const Output output =
      shell("cd " + scratch.str() + " && atelier check tiny.yaml odd.yaml tiny.yaml eval.episodes=2");
  INFO(output.text);
  CHECK(output.code == 2);
  CHECK(output.text.find("odd.yaml") != std::string::npos);
  CHECK(output.text.find("colour") != std::string::npos);
  const auto first = output.text.find("tiny.yaml: ok");
  REQUIRE(first != std::string::npos);
  CHECK(output.text.find("tiny.yaml: ok", first + 1) != std::string::npos);
}

TEST_CASE("a loss that is not finite stops the run before weights change and can be replayed",
          "[commands][command_line]") {
  const Scratch scratch;
  const std::string file = scratch.write("wild.yaml",
                                         "model: vae\ndata: stripes\ntrain: {steps: 5000}\n"
                                         "optim: {algorithm: sgd, lr: 1000}\n");
  const std::string run = scratch / "run";
  const Output output = shell("atelier run " + file + " --quiet --out " + run);
  INFO(output.text);
  CHECK(output.code == 1);
  for (const char* said :
       {"step ", "update '", "is not finite", "first non-finite tensor", "atelier run --resume", "--anomaly"})
    CHECK(output.text.find(said) != std::string::npos);
  CHECK(core::RunFile(run).attribute("status") == "failed");
  const auto last = core::h5::File::open(run + "/last.h5");
  for (const auto& module : last.children("/parameters"))
    for (const auto& name : last.children("/parameters/" + module))
      for (const std::string path = "/parameters/" + module + "/" + name;
           const float w : last.read<float>(path, last.info(path).shape))
        CHECK(std::isfinite(w));
  const Output replayed = shell("atelier run --quiet --anomaly --resume " + run);
  INFO(replayed.text);
  CHECK(replayed.code == 1);
  CHECK(replayed.text.find("Backward") != std::string::npos);  // the operator's name
}

TEST_CASE("a program without LibTorch lists, describes, reports and watches", "[commands][command_line]") {
  const Output libraries = shell("ldd \"$(command -v atelier)\"");
  REQUIRE(libraries.code == 0);
  CHECK(libraries.text.find("libtorch") == std::string::npos);
}
