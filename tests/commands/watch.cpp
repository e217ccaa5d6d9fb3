// Watching as the README tells it: live play, following a run, side by side, and what is refused.
#include "core/episodes.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

namespace {

// A trained agent and a trained model, once for all cases below.
struct Trained {
  Scratch scratch;
  std::string agent = scratch / "agent", model = scratch / "model";

  Trained() {
    scratch.write("agent.yaml",
                  "agent: ppo\nenv: {id: CartPole-v1, max_episode_steps: 30}\ntrain: {env_steps: 2048}\n"
                  "eval: {episodes: 2}\n");
    scratch.write("model.yaml",
                  "model: flow\ndata: {name: moons, train_size: 1000, test_size: 500}\ntrain: {steps: "
                  "4}\nrecord: {every: {steps: 2}}\n");
    for (const std::string name : {"agent", "model"}) {
      const Output output =
          shell("cd " + scratch.str() + " && atelier run " + name + ".yaml --quiet --out " + name);
      INFO(output.text);
      REQUIRE(output.code == 0);
    }
  }
};

const Trained& trained() {
  static const Trained all;
  return all;
}

Output watch(const std::string& words) {
  return shell("cd " + trained().scratch.str() + " && atelier watch " + words);
}

}  // namespace

TEST_CASE("a trained policy plays live, one episode for each that is asked, and tells its hidden units",
          "[commands][watch]") {
  const std::string file = trained().scratch / "played.h5";
  const Output output =
      shell("cd " + trained().scratch.str() +
            " && printf '\\n\\n\\n' | atelier-torch play agent --policy last --seed 7 --out played.h5");
  INFO(output.text);
  REQUIRE(output.code == 0);
  const core::EpisodeFile played(file);
  REQUIRE(played.headers().size() == 3);
  CHECK(played.format().hidden == 128);
  CHECK((played.format().probabilities == 2 && played.format().value));
  for (int64_t k = 0; k < 3; ++k) {
    const core::Episode episode = played.read(static_cast<size_t>(k));
    CHECK(episode.header.seed == static_cast<uint64_t>(7 + k));
    CHECK(episode.hidden.size() == static_cast<size_t>(128 * episode.header.length));
  }
  CHECK(core::EpisodeFile(trained().agent + "/episodes.h5").format().hidden == 0);
}

TEST_CASE("live play, tiles, overlays, curves and pictures come as files without a display",
          "[commands][watch]") {
  for (const std::string words :
       {"agent --policy best --overlays", "agent --policy last --episode 3", "agent --policy random",
        "GridWorld-v0 env.map_name=dyna_maze CartPole-v1 env.force=5", "agent --policy heuristic --tile 2x2",
        "agent --tile 2x1 --metric train/return", "agent agent --metric eval/return_greedy", "model",
        "model --policy last", "agent/best.h5", "model model",
        "CartPole-v1 LunarLander-v3 --policy random"}) {
    const Output output = watch(words + " --svg page.svg --step -1 --width 640 --height 480");
    INFO(words << '\n' << output.text);
    CHECK(output.code == 0);
    CHECK(std::filesystem::file_size(trained().scratch / "page.svg") > 2000);
    std::filesystem::remove(trained().scratch / "page.svg");
  }
}

TEST_CASE("a policy that plays live fills all tiles, and an environment takes its options",
          "[commands][watch]") {
  const Output tiles = watch("agent --policy best --tile 3x2 --svg page.svg");
  INFO(tiles.text);
  CHECK(tiles.text.find("episodes 0 to 5") != std::string::npos);
  const auto page = [](const std::string& words) {
    REQUIRE(watch(words + " --svg page.svg").code == 0);
    return shell("cat " + trained().scratch.str() + "/page.svg").text;
  };
  CHECK(page("GridWorld-v0 env.map_name=dyna_maze") != page("GridWorld-v0"));
}

TEST_CASE("what watch cannot show is said in one line that names the way out", "[commands][watch]") {
  const std::pair<const char*, const char*> refused[] = {
      {"agent --metric eval/return_gredy --svg x.svg", "eval/return_greedy"},
      {"CartPole-v1 --metric train/loss --svg x.svg", "expected a run folder"},
      {"agent --tile 4 --svg x.svg", "expected COLUMNSxROWS"},
      {"model --tile 2x2 --svg x.svg", "holds pictures, not episodes"},
      {"agent model --svg x.svg", "watch them apart"},
      {"model --policy random --svg x.svg", "is a model"},
      {"CartPole-v1 --policy best --svg x.svg", "needs a run folder"},
      {"CartPole-v1 --policy human --svg x.svg", "in a window only"},
      {"Pendulum-v1 --policy human --svg x.svg", "one discrete action"},
      {"CartPole-v2 --svg x.svg", "did you mean 'CartPole-v"},
      {"env.force=3 --svg x.svg", "its id comes first"},
      {"agent env.force=3 --svg x.svg", "has been recorded"},
      {"CartPole-v1 env.forc=3 --svg x.svg", "did you mean 'env.force'"},
      {"CartPole-v1 CartPole-v1 CartPole-v1 --svg x.svg", "found 3"},
      {"agent --episode 99 --svg x.svg", "--episode 99: expected 0"},
      {"agent --step 99 --svg x.svg", "--step 99: expected 0"}};
  for (const auto& [words, message] : refused) {
    const Output output = watch(words);
    INFO(words << '\n' << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(message) != std::string::npos);
    CHECK(std::count(output.text.begin(), output.text.end(), '\n') == 1);
  }
}

TEST_CASE("folders that are empty, half or of a newer format are refused in one line", "[commands][watch]") {
  const Output made =
      shell("cd " + trained().scratch.str() +
            " && mkdir -p empty half newer && cp agent/run.h5 half/ && cp agent/*.h5 newer/ && "
            "head -c $(($(stat -c %s agent/episodes.h5) / 2)) agent/episodes.h5 > half/episodes.h5 && "
            "/usr/bin/python3 -c \"import h5py; f = h5py.File('newer/episodes.h5', 'r+'); "
            "f.attrs['format_version'] = 99\"");
  INFO(made.text);
  REQUIRE(made.code == 0);
  const std::pair<const char*, const char*> refused[] = {
      {"empty", "empty"}, {"half", "half/episodes.h5"}, {"newer", "newer Atelier"}};
  for (const auto& [folder, message] : refused) {
    const Output output = watch(std::string(folder) + " --svg x.svg");
    INFO(folder << '\n' << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(message) != std::string::npos);
    CHECK(std::count(output.text.begin(), output.text.end(), '\n') == 1);
  }
}

TEST_CASE("run --watch opens a window beside the run, and closing it stops nothing", "[commands][watch]") {
  const Output output = shell(
      "cd " + trained().scratch.str() +
      " && xvfb-run -a sh -c 'atelier run agent.yaml --quiet --watch --out beside; echo code $?; sleep 2; "
      "pgrep -f \"[a]telier watch beside\" > /dev/null && echo a window; pkill -f \"[a]telier watch "
      "beside\"' ");
  INFO(output.text);
  CHECK(output.text.find("code 0") != std::string::npos);
  CHECK(output.text.find("a window") != std::string::npos);
}

TEST_CASE("Ctrl-C closes the window and leaves nothing behind", "[commands][watch]") {
  const Output output = shell(
      "cd " + trained().scratch.str() +
      " && mkdir -p tmp && TMPDIR=$PWD/tmp xvfb-run -a sh -c 'atelier watch agent --policy best & pid=$!; "
      "i=0; until ls tmp/atelier.*/episodes.h5 > /dev/null 2>&1 || [ $i = 300 ]; do sleep 0.1; i=$((i + 1)); "
      "done; "
      "sleep 2; kill -TERM $pid; wait $pid; "
      "echo code $?'; "
      "ls -A tmp; pgrep -f '[a]telier-torch play agent'; echo end");
  INFO(output.text);
  CHECK(output.text.find("code 143\nend\n") != std::string::npos);
}

TEST_CASE("run --watch without a display says so and trains on", "[commands][watch]") {
  const Output output =
      shell("cd " + trained().scratch.str() +
            " && env -u DISPLAY atelier run agent.yaml --quiet --watch --out alone; echo code $?; sleep 1");
  INFO(output.text);
  CHECK(output.text.find("no display") != std::string::npos);
  CHECK(output.text.find("code 0") != std::string::npos);
}

TEST_CASE("record.every records an agent's episodes at times of their own and changes no training",
          "[commands][watch]") {
  const Output output = shell("cd " + trained().scratch.str() +
                              " && for e in 0 512; do atelier run agent.yaml eval.every=1024 record.every=$e "
                              "record.episodes=2 --quiet "
                              "--out recorded-$e || exit 1; done");
  INFO(output.text);
  REQUIRE(output.code == 0);
  const std::string together = trained().scratch / "recorded-0", apart = trained().scratch / "recorded-512";
  const core::EpisodeFile file(apart + "/episodes.h5");
  REQUIRE(file.headers().size() == 8);
  for (size_t k = 0; k < 8; ++k) {
    CHECK(file.headers()[k].env_steps >= 512 * (static_cast<int64_t>(k) / 2 + 1));
    CHECK(std::string(file.headers()[k].policy) == "greedy");
  }
  CHECK(core::EpisodeFile(together + "/episodes.h5").headers().size() ==
        8);  // 2 evaluations x 2 policies x 2
  for (const char* metric : {"train/return", "eval/return_greedy"}) {
    const auto one = core::RunFile(together).rows(metric), two = core::RunFile(apart).rows(metric);
    REQUIRE((!one.empty() && one.size() == two.size()));
    for (size_t k = 0; k < one.size(); ++k) CHECK(one[k].value == two[k].value);
  }
}

TEST_CASE("where an environment has no time limit, frames stop at a stated number of steps and say so",
          "[commands][watch]") {
  const Output output = watch(
      "CliffWalking-v1 --policy random --max-steps 20 --frames endless --width 64 --height 64 && ls endless "
      "| wc -l");
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find("CliffWalking-v1 has no time limit: stopped after 20 steps (--max-steps)") !=
        std::string::npos);
  CHECK(output.text.find("\n21\n") != std::string::npos);
  const Output limited = watch(
      "CartPole-v1 --policy random --max-steps 3 --frames few --width 64 --height 64 && ls few | wc -l");
  INFO(limited.text);
  CHECK(limited.text.find("few: 4 frames") != std::string::npos);
  CHECK(limited.text.find("\nstopped after 3 steps (--max-steps)\n4\n") != std::string::npos);
}

TEST_CASE("a window says where its episodes end, and env ends them there too", "[commands][watch]") {
  const std::string endless = "CliffWalking-v1 has no time limit: episodes end after ";
  const Output window =
      shell("xvfb-run -a atelier watch CliffWalking-v1 --policy random --max-steps 20 --seconds 1");
  INFO(window.text);
  CHECK(window.code == 0);
  CHECK(window.text.starts_with(endless + "20 steps (--max-steps)\n"));
  const auto env = [](const std::string& words) { return shell("atelier env " + words).text; };
  const std::string usual = env("CliffWalking-v1 --episodes 2 --seed 0");
  INFO(usual);
  CHECK(usual.starts_with(endless + "1000 steps (--max-steps)\nCliffWalking-v1: "));
  CHECK(usual.find(" 2 whole episodes") != std::string::npos);
  CHECK(env("CliffWalking-v1 --episodes 3 --max-steps 7")
            .starts_with(endless + "7 steps (--max-steps)\nCliffWalking-v1: 21 steps, 3 whole episodes"));
  CHECK(env("CartPole-v1 --episodes 2 --max-steps 4")
            .starts_with("episodes end after 4 steps (--max-steps)\nCartPole-v1: 8 steps, 2 whole episodes"));
  CHECK(env("CartPole-v1 --episodes 2 --max-steps 9999").starts_with("CartPole-v1: "));
  CHECK(env("CliffWalking-v1 --steps 1500").starts_with("CliffWalking-v1: 1500 steps, "));
}

TEST_CASE("of a folder of several runs it is said which one is shown, and a refusal names the user's own",
          "[commands][watch]") {
  const std::string many =
      "mkdir -p many/x many/y && cp -r agent many/x/a && cp -r model many/y/b && touch many/y/b/run.h5";
  REQUIRE(shell("cd " + trained().scratch.str() + " && " + many).code == 0);
  const Output one = watch("many --svg page.svg");
  INFO(one.text);
  CHECK(one.text.starts_with("many: holds 2 runs, this is many/y/b\n"));
  CHECK(watch("many/x/a --svg page.svg").text.find("holds 2 runs") == std::string::npos);
  const std::string in = "cd " + trained().scratch.str() + " && touch many/x/a/run.h5 && atelier sample many";
  const std::string sampled = shell(in).text;
  INFO(sampled);
  CHECK(sampled.starts_with("many: holds 2 runs, this is many/x/a\natelier: many/x/a: is an agent; "));
  const std::string mixed = watch("model agent --policy last --svg page.svg").text;
  INFO(mixed);
  CHECK(mixed.starts_with("atelier: model: holds pictures, the other one episodes"));
}

TEST_CASE("any kind of picture is chosen by its name, and thoughts are of one policy", "[commands][watch]") {
  const Output chosen = watch("model --picture density --svg x.svg"), first = watch("model --svg x.svg");
  INFO(chosen.text << first.text);
  CHECK(chosen.text.ends_with("density\n"));
  CHECK(
      first.text.ends_with("samples\nsamples is the newest, first drawn of its step; --picture chooses among "
                           "samples, density, warp, latents\n"));
  const std::pair<const char*, const char*> refused[] = {
      {"model --picture sample --svg x.svg", "did you mean 'samples'?"},
      {"agent --picture samples --svg x.svg", "expected a model"},
      {"agent agent --overlays --svg x.svg", "watch them apart"}};
  for (const auto& [words, message] : refused) {
    const Output output = watch(words);
    INFO(words << '\n' << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(message) != std::string::npos);
  }
}
