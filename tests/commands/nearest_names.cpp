// Names that a new user types.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

TEST_CASE("a name that is none is answered with the one that was meant", "[commands][names]") {
  const std::pair<const char*, const char*> asked[] = {
      {"run experiments/cartpoleppo.yaml", "did you mean 'cartpole_ppo'?"},
      {"lst", "did you mean 'list'?"},
      {"evaluate x", "did you mean 'eval'?"},
      {"run experiments/cartpole_ppo.yaml agent=sac", "the nearest here is 'ppo'"},
      {"run experiments/cartpole_ppo.yaml env=cartpole", "did you mean 'CartPole-v1'?"},
      {"run experiments/cartpole_ppo.yaml env=CartPole-v3", "did you mean 'CartPole-v1'?"},
      {"run experiments/cartpole_ppo.yaml ppo.learning_rate=1", "did you mean 'optim.lr'?"},
      {"run experiments/cartpole_ppo.yaml total_timesteps=1", "did you mean 'train.env_steps'?"},
      {"run experiments/cartpole_ppo.yaml gamma=1", "did you mean 'ppo.gamma'?"},
      {"watch cartpole --svg x.svg", "did you mean 'CartPole-v1'?"}};
  for (const auto& [words, answer] : asked) {
    const Output output = shell(std::string("atelier ") + words);
    INFO(words << '\n' << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(answer) != std::string::npos);
  }
}

TEST_CASE("the version is told, and a bare call shows the commands", "[commands][names]") {
  const Output version = shell("atelier --version");
  CHECK(version.code == 0);
  CHECK(version.text.starts_with("atelier "));
  const Output bare = shell("atelier");
  CHECK(bare.code == 2);
  CHECK(bare.text.find("run") != std::string::npos);
  CHECK(bare.text.find("watch") != std::string::npos);
}

TEST_CASE("a list stands in columns on a terminal", "[commands][names]") {
  if (!has_terminal()) return;
  const Output output =
      shell("TERM=xterm script -qec 'stty cols 80; atelier list agents' /dev/null < /dev/null");
  INFO(output.text);
  CHECK(output.text.find('\t') == std::string::npos);
  CHECK(output.text.find("ppo        ") != std::string::npos);
}
