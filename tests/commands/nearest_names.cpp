// Names that a new user types.
#include <algorithm>
#include <sstream>

#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

TEST_CASE("a name that is none is answered with the one that was meant", "[commands][names]") {
  const std::pair<const char*, const char*> asked[] = {
      {"run experiments/cartpoleppo.yaml", "did you mean 'cartpole_ppo'?"},
      {"lst", "did you mean 'list'?"},
      {"evaluate x", "did you mean 'eval'?"},
      {"run experiments/cartpole_ppo.yaml agent=a3c", "the nearest here is 'a2c'"},
      {"run experiments/cartpole_ppo.yaml env=cartpole", "did you mean 'CartPole-v1'?"},
      {"run experiments/cartpole_ppo.yaml env=CartPole-v3", "did you mean 'CartPole-v1'?"},
      {"run experiments/cartpole_ppo.yaml ppo.learning_rate=1", "did you mean 'optim.lr'?"},
      {"run experiments/cartpole_ppo.yaml total_timesteps=1", "did you mean 'train.env_steps'?"},
      {"run experiments/cartpole_ppo.yaml epochs=1", "did you mean 'ppo.epochs'?"},
      {"run experiments/cartpole_ppo.yaml num_epochs=1", "did you mean 'ppo.epochs'?"},
      {"run experiments/cartpole_dqn.yaml epochs=1", "did you mean 'train.epochs'?"},
      {"run experiments/cartpole_dqn.yaml tau=1", "did you mean 'dqn.tau'?"},
      {"run experiments/cartpole_ppo.yaml gamma=1", "did you mean 'ppo.gamma'?"},
      {"run experiments/cartpole_ppo.yaml env.gravit=1", "did you mean 'env.gravity'?"},
      {"run experiments/cartpole_ppo.yaml optim.lrr=1", "did you mean 'optim.lr'?"},
      {"run experiments/cartpole_ppo.yaml train.device=gpu", "the nearest here is 'cuda'"},
      {"run experiments/cartpole_ppo.yaml --outt x", "no option --outt, did you mean --out?"},
      {"check experiments", "experiments: is a folder, expected an experiment file (YAML)"},
      {"describe cartpole_pp", "did you mean 'cartpole_ppo'?"},
      {"watch CartPole-v1 --svg c.png", "--svg c.png: expected an ending .svg"},
      {"report experiments --out x.pdf", "--out x.pdf: expected an ending .html"},
      {"run fashion_cnn_lr", "is a sweep; train it by: atelier sweep fashion_cnn_lr"},
      {"sweep cartpole_ppo", "is an experiment; train it by: atelier run"},
      {"watch cartpole --svg x.svg", "did you mean 'CartPole-v1'?"}};
  for (const auto& [words, answer] : asked) {
    const Output output = shell("cd '" + repository() + "' && atelier " + words);
    INFO(words << '\n' << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(answer) != std::string::npos);
  }
}

TEST_CASE("the version is told, and a bare call shows the commands", "[commands][names]") {
  const Output version = shell("atelier --version");
  CHECK(version.code == 0);
  CHECK(version.text.starts_with("atelier "));
  CHECK(shell("atelier version").text == version.text);
  CHECK(shell("atelier help").code == 0);
  const Output bare = shell("atelier");
  CHECK(bare.code == 2);
  CHECK(bare.text.find("run") != std::string::npos);
  CHECK(bare.text.find("watch") != std::string::npos);
}

TEST_CASE("a list stands in columns on a terminal, its sentences whole at any width", "[commands][names]") {
  if (!has_terminal()) return;
  const Output output =
      shell("TERM=xterm script -qec 'stty cols 80; atelier list agents' /dev/null < /dev/null");
  INFO(output.text);
  CHECK(output.text.find('\t') == std::string::npos);
  CHECK(output.text.find("ppo        ") != std::string::npos);
  const auto words_of = [](const std::string& text) {
    std::istringstream in(text);
    std::string all;
    for (std::string word; in >> word;) all += word + ' ';
    return all;
  };
  const std::string whole = words_of(shell("atelier list").text);
  for (const std::string columns : {"80", "40"}) {
    const Output list =
        shell("TERM=xterm script -qec 'stty cols " + columns + "; atelier list' /dev/null < /dev/null");
    CHECK(words_of(list.text) == whole);
    std::istringstream lines(list.text);
    size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size() - 1);  // \r
    CHECK(widest <= (columns == "80" ? 80 : 70));  // a name alone may be wider
  }
}

TEST_CASE("an option that does nothing for this run is refused by its name", "[commands][names]") {
  const Scratch scratch;
  scratch.write("model.yaml",
                "model: flow\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 2}\n");
  const std::string in = "cd " + scratch.str() + " && atelier ";
  REQUIRE(shell(in + "run model.yaml --out model").code == 0);
  const std::pair<const char*, const char*> asked[] = {
      {"sample model --class 1", "--class: model 'flow' was not told of classes while it learned"},
      {"sample model --top-k 2", "--top-k: model 'flow' writes no text"},
      {"sample model --top-p 0.5", "--top-p: model 'flow' writes no text"},
      {"eval model --episodes 3", "--episodes: model plays none, it is a model"},
      {"check model", "model: is a folder, expected an experiment file (YAML); a run goes on by"}};
  for (const auto& [words, answer] : asked) {
    const Output output = shell(in + words);
    INFO(words << '\n' << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(answer) != std::string::npos);
  }
}

TEST_CASE("an experiment is described by its file", "[commands][names]") {
  const Output output = shell("atelier describe cartpole_ppo");
  CHECK(output.code == 0);
  CHECK(output.text.starts_with("cartpole_ppo (experiment), "));
  CHECK(output.text.find("agent: ppo") != std::string::npos);
}
