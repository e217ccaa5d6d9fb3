// What a user meant, by spelling and by meaning.
#include "core/nearest.h"
#include "core/options.h"
#include "core/synonyms.h"
#include "tests/catch.h"
#include "tests/refusal.h"

namespace tests::names {

namespace {

struct Ppo {
  double gamma = 0.99, entropy_coef = 0;
  int64_t num_steps = 128;
  void fields(core::Fields& f) {
    f.add("gamma", gamma, "Discount");
    f.add("entropy_coef", entropy_coef, "Weight of the entropy");
    f.add("num_steps", num_steps, "Steps of a rollout");
  }
};
struct Optim {
  double lr = 1e-3;
  void fields(core::Fields& f) { f.add("lr", lr, "Learning rate"); }
};
struct All {
  Ppo ppo;
  Optim optim;
  void fields(core::Fields& f) {
    f.section("ppo", ppo, "The agent");
    f.section("optim", optim, "The optimiser");
  }
};

std::string said_of(const std::string& yaml) {
  return refusal([&] {
    All all;
    core::read_options(all, core::parse_yaml(yaml, "x.yaml"));
  });
}

}  // namespace

TEST_CASE("of versions the newest is proposed, whatever version was asked for", "[core]") {
  const std::vector<std::string> envs{"Acrobot-v1", "CartPole-v0", "CartPole-v1", "Pendulum-v1"};
  for (const char* asked : {"cartpole", "CartPole-v3", "CartPole", "cartpol-v0", "Cart-Pole"})
    CHECK(core::nearest(asked, envs) == "CartPole-v1");
  CHECK(core::nearest("pendulum", envs) == "Pendulum-v1");
}

TEST_CASE("three letters of which two differ are no likeness, and meaning comes before spelling", "[core]") {
  const std::vector<std::string> agents{"a2c", "dqn", "ppo", "reinforce"};
  CHECK(core::nearest("sac", agents).empty());
  CHECK(core::nearest("pppo", agents) == "ppo");
  CHECK(core::suggestion("trpo", agents) == ", the nearest here is 'ppo'");
  CHECK(core::suggestion("ddqn", agents) == ", the nearest here is 'dqn'");
  CHECK(core::suggestion("xyz", agents).find("known: a2c") != std::string::npos);
  CHECK(core::suggestion("rein", agents) == ", did you mean 'reinforce'?");  // a part of its name
}

TEST_CASE("a key of other libraries is answered with ours, wherever ours stands", "[core]") {
  CHECK(said_of("ppo: {learning_rate: 1}") ==
        "x.yaml:1:7: unknown key 'ppo.learning_rate', did you mean 'optim.lr'?");
  CHECK(said_of("lr: 1").find("did you mean 'optim.lr'?") != std::string::npos);
  CHECK(said_of("gamma: 1").find("did you mean 'ppo.gamma'?") != std::string::npos);
  CHECK(said_of("ppo: {ent_coef: 1}").find("did you mean 'ppo.entropy_coef'?") != std::string::npos);
  CHECK(said_of("ppo: {n_steps: 1}").find("did you mean 'ppo.num_steps'?") != std::string::npos);
  CHECK(said_of("ppo: {gama: 1}").find("did you mean 'ppo.gamma'?") != std::string::npos);
}

}  // namespace tests::names
