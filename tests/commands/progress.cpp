// What a run says while it runs and at its end, and where it says it.
#include <algorithm>
#include <regex>
#include <vector>

#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string targeted =
    "agent: reinforce\n"
    "env: {id: CartPole-v1, max_episode_steps: 30}\n"
    "reinforce: {episodes_per_update: 2}\n"
    "train: {steps: 4}\n"
    "eval: {episodes: 3}\n"
    "target: {reach: [eval/return_greedy >= 1000]}\n";

// The longest of the lines that renew themselves, as a terminal of 80 columns shows them.
static size_t widest(const std::string& text) {
  size_t most = 0, here = 0;
  for (const char c : text) {
    here = c == '\r' || c == '\n' ? 0 : here + 1;
    most = std::max(most, here);
  }
  return most;
}

TEST_CASE("stdout holds the run's folder alone; progress, result and the next step go to stderr",
          "[commands][progress]") {
  const Scratch scratch;
  scratch.write("tiny.yaml", targeted);
  for (const std::string options : {"", "--seeds 2 "}) {
    const Output output = shell("cd " + scratch.str() + " && d=$(atelier run tiny.yaml " + options +
                                "2> said) && test -d \"$d\" && echo $d && cat said");
    INFO(output.text);
    CHECK(output.code == 0);
    CHECK(output.text.starts_with("runs/tiny/"));
  }
  const Output said = shell("cd " + scratch.str() + " && atelier run tiny.yaml 2>&1 > /dev/null");
  INFO(said.text);
  CHECK(said.text.find("best eval/return_greedy ") != std::string::npos);
  CHECK(said.text.find("target eval/return_greedy >= 1000: not reached") != std::string::npos);
  CHECK(said.text.find("next: atelier watch runs/tiny/") != std::string::npos);
}

TEST_CASE("a budget that the last step passes is explained, however little it is", "[commands][progress]") {
  const Scratch scratch;
  scratch.write(
      "tiny.yaml",
      "agent: ppo\nenv: {id: CartPole-v1, max_episode_steps: 30}\nppo: {num_envs: 8, num_steps: 64}\n"
      "train: {env_steps: 600}\neval: {episodes: 2}\n");
  const Output output = shell("cd " + scratch.str() + " && atelier run tiny.yaml");
  INFO(output.text);
  CHECK(output.text.find("env_steps 1024 of 600 | the last step is taken whole, one has about 512 |") !=
        std::string::npos);
  const Output little = shell("cd " + scratch.str() + " && atelier run tiny.yaml train.env_steps=1020");
  CHECK(little.text.find("env_steps 1024 of 1020 | the last step is taken whole") != std::string::npos);
  const Output even = shell("cd " + scratch.str() + " && atelier run tiny.yaml train.env_steps=512");
  CHECK(even.text.find("env_steps 512 of 512 | ") != std::string::npos);
  CHECK(even.text.find("taken whole") == std::string::npos);
}

// The lines of stderr of a run of tiny.yaml on a terminal so wide.
static Output on_terminal(const Scratch& scratch, size_t columns, const std::string& options) {
  return shell("cd " + scratch.str() + " && TERM=xterm script -qec 'stty cols " + std::to_string(columns) +
               "; atelier run tiny.yaml " + options + " > /dev/null' /dev/null < /dev/null");
}

TEST_CASE("lines that renew themselves and those that stay fit the terminal, of one run and of several",
          "[commands][progress]") {
  if (!has_terminal()) return;
  const Scratch scratch;
  scratch.write("tiny.yaml", targeted);
  for (const size_t columns : {80, 56})
    for (const std::string options : {"", "--seeds 2"}) {
      const Output output = on_terminal(scratch, columns, "train.steps=100 " + options);
      INFO(output.text);
      CHECK(output.text.find("\r\033[K") != std::string::npos);
      CHECK(output.text.find("best eval/return_greedy ") != std::string::npos);
      CHECK(output.text.find("next:") != std::string::npos);
      CHECK(widest(output.text) <= columns - 1 + 3);  // and the characters that clear it
    }
}

TEST_CASE("on a narrow terminal whole pieces of the progress are left out, and none is cut",
          "[commands][progress]") {
  if (!has_terminal()) return;
  const Scratch scratch;
  scratch.write("tiny.yaml", targeted);
  const Output output = on_terminal(scratch, 40, "train.steps=100");
  INFO(output.text);
  const std::regex renewed("\r\x1b\\[K([^\r\n]*)"),
      whole(
          " *\\d+ %(  \\w+ [\\d.kM]+ of [\\d.kM]+( \\| [\\d.kM]+ env steps/s)?( \\| train/return [\\d.]+)?"
          "( \\| eval/return_greedy [\\d.]+)?( \\| (ETA \\d+:\\d\\d|evaluating))?)?");
  int lines = 0;
  for (std::sregex_iterator at(output.text.begin(), output.text.end(), renewed), end; at != end;
       ++at, ++lines)
    CHECK(std::regex_match((*at)[1].str(), whole));
  CHECK(lines > 1);
}

TEST_CASE("before it is logged the rate is of learning, as the logged one: evaluations do not slow it",
          "[commands][progress]") {
  if (!has_terminal()) return;
  const Scratch scratch;
  scratch.write("tiny.yaml", targeted);
  const Output output = on_terminal(scratch, 200, "train.steps=20 eval.every=1 eval.episodes=4000");
  INFO(output.text);
  const auto rates = [&] {
    std::vector<double> all;
    const std::regex rate("\\| ([\\d.]+)(k|M|) env steps/s");
    for (std::sregex_iterator at(output.text.begin(), output.text.end(), rate), end; at != end; ++at)
      all.push_back(std::stod((*at)[1]) * ((*at)[2] == "k" ? 1e3 : (*at)[2] == "M" ? 1e6 : 1));
    return all;
  }();
  REQUIRE(rates.size() > 2);
  // The last is the logged one; counted with the evaluations, the others would be a fiftieth of it.
  CHECK(*std::max_element(rates.begin(), rates.end() - 1) > 0.1 * rates.back());
}
