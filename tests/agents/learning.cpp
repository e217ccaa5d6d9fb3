// Every agent that explores finds its way over a small lake without wind, on three seeds; none does
// unlearned.
#include "agents/all.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/trial.h"

namespace {

training::Session agent(const std::string& own, int64_t seed) {
  return trial::session("{seed: " + std::to_string(seed) +
                            ", env: {id: FrozenLake-v1, map: [SFF, HHF, GFF], " +
                            "is_slippery: false, max_episode_steps: 12}, eval: {episodes: 4}, " + own + "}",
                        agents::all());
}

// The share of greedy episodes that reach the goal: 0 or 1 here.
double success(training::Session& session) { return trial::grades(session).at("eval/return_greedy"); }

}  // namespace

TEST_CASE("policy gradients learn a way of six steps that no fresh network knows", "[agents][learning]") {
  const std::string own = GENERATE(
      std::string(
          "agent: reinforce, reinforce: {episodes_per_update: 16, entropy_coef: 0.02}, optim: {lr: 0.02}, "
          "train: {steps: 250}"),
      std::string("agent: a2c, a2c: {num_envs: 16, num_steps: 16, entropy_coef: 0.02}, optim: {lr: 0.002}, "
                  "train: {steps: 240}"),
      std::string("agent: ppo, ppo: {num_envs: 16, num_steps: 32, entropy_coef: 0.02}, optim: {lr: 0.005}, "
                  "train: {steps: 60}"),
      std::string("agent: trpo, net: {hidden: [16]}, trpo: {num_envs: 16, num_steps: 32, max_kl: 0.05, "
                  "value_epochs: 5}, optim: {lr: 0.01}, train: {steps: 40}"));
  const int64_t seed = GENERATE(1, 2, 3);
  INFO(own << ", seed " << seed);
  training::Session session = agent(own, seed);
  CHECK(success(session) == 0);
  trial::learn(session);
  CHECK(success(session) == 1);
}

TEST_CASE("a minibatch beyond the rollout is refused, and so is an action space that does not fit",
          "[agents][bad_input]") {
  const auto refusal = [](const std::string& yaml) {
    try {
      trial::session(yaml, agents::all());
    } catch (const core::Error& error) {
      CHECK(error.exit() == core::Exit::bad_input);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal("{agent: ppo, env: CartPole-v1, ppo: {num_envs: 2, num_steps: 8}, train: {steps: 1}}")
            .find("ppo.minibatch_size: expected at most the rollout's 16 transitions") == 0);
  CHECK(refusal("{agent: reinforce, env: Pendulum-v1, train: {steps: 1}}")
            .find("reinforce needs a Discrete action space") != std::string::npos);
  CHECK(refusal("{agent: reinforce, env: CartPole-v1, reinforce: {baseline: timestep_mean, "
                "episodes_per_update: 1}, "
                "train: {steps: 1}}")
            .find("reinforce.baseline: timestep_mean needs other episodes") == 0);
}

TEST_CASE("PPO trains on what is left of a pass, too", "[agents]") {
  for (const auto& [minibatch, updates] :
       {std::pair{"50", 4 * 3}, {"64", 4 * 2}, {"127", 4 * 2}, {"128", 4}}) {
    auto run = trial::session("{agent: ppo, env: CartPole-v1, ppo: {num_envs: 4, num_steps: 32, epochs: 4, " +
                                  std::string("minibatch_size: ") + minibatch + "}, train: {steps: 1}}",
                              agents::all());
    trial::learn(run);
    INFO("minibatch " << minibatch);
    CHECK(run.counters.updates.at("actor_critic") == updates);
  }
}

TEST_CASE("every episode that ends is logged once", "[agents]") {
  for (const std::string agent : {"agent: ppo, ppo: {num_envs: 4, num_steps: 64}",
                                  "agent: dqn, dqn: {num_envs: 4, batch_size: 8, learning_starts: 10}"}) {
    auto run = trial::session(
        "{" + agent + ", env: {id: CartPole-v1, max_episode_steps: 8}, train: {env_steps: 1024}}",
        agents::all());
    double episodes = 0, lengths = 0;
    const training::Logger logger{[&](const std::string& metric, double value) {
                                    if (metric == "train/episodes") episodes += value;
                                    if (metric == "train/episode_length") lengths += value;
                                  },
                                  {}};
    while (run.progress() < 1) run.step(logger);
    INFO(agent);
    CHECK(episodes >= 128);  // none is longer than eight steps
    CHECK(lengths <= 1024);
    CHECK(lengths > 1024 - 4 * 8);  // but for those that still go on
  }
}
