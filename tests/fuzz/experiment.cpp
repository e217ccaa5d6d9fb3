// An experiment file: YAML into options of every kind, the environment with its own and its wrappers among
// them. What was read, written as YAML, reads back the same.
#include <cmath>
#include <stdexcept>

#include "core/options.h"
#include "envs/all.h"
#include "tests/fuzz/targets.h"

namespace tests::fuzz {

namespace {

struct Inner {
  double lr = 1e-3;
  std::vector<int64_t> hidden{64, 64};
  std::vector<double> betas{0.9, 0.999};
  std::vector<std::string> words;
  void fields(core::Fields& f) {
    f.add("lr", lr, "", {.min = 0, .max = 1, .above = true});
    f.add("hidden", hidden, "", {.min = 1, .max = 4096});
    f.add("betas", betas, "");
    f.add("words", words, "");
  }
};

struct Everything {
  std::string name, agent, path;
  int64_t seed = 0;
  bool flag = false;
  std::optional<double> steps, env_steps;
  std::optional<int64_t> episodes;
  core::Duration every{0, core::Unit::run};
  envs::Options env;
  Inner optim;

  void fields(core::Fields& f) {
    f.add("name", name, "");
    f.choice("agent", agent, "", {"", "dqn", "ppo", "reinforce"});
    f.add("path", path, "", {.path = true});
    f.add("seed", seed, "", {.min = 0, .max = 9223372036854775807.0});
    f.add("flag", flag, "");
    f.add("steps", steps, "", {.min = 0, .above = true});
    f.add("env_steps", env_steps, "", {.min = 0, .above = true});
    f.add("episodes", episodes, "", {.min = 0});
    f.add("every", every, "", {.min = 0});
    f.tagged("env", env.tagged(), "");
    f.section("optim", optim, "");
  }
};

std::string resolved(const core::Value& root) {
  Everything all;
  core::read_options(all, root);
  return core::to_yaml(core::write_options(all));
}

void read_experiment(Bytes bytes) {
  const core::Value root = core::parse_yaml({bytes.begin(), bytes.end()}, "x.yaml");
  const std::string once = resolved(root);
  if (resolved(core::parse_yaml(once, "resolved")) != once)
    throw std::logic_error("what was resolved reads back as something else:\n" + once);
}

std::vector<std::string> experiment_seeds() {
  return {"agent: dqn\nenv: CartPole-v1\nseed: 3\nsteps: 1e4\n",
          "x-a: &a {lr: 0.5, hidden: [8]}\nname: \"q: 1\"\noptim: {<<: *a, words: [a, 'true', \"#\"]}\n",
          "env: {id: Pendulum-v1, precision: fast, wrappers: [clip_action, {name: frame_stack, n: 4}]}\n"
          "every: {epochs: 10}\nepisodes: null\nflag: true\npath: a/b\n",
          "env:\n  id: GridWorld-v0\n  map: ['S.a', '##G']\n  letter_rewards: [a -0.5]\n  slip: 0\n"};
}

}  // namespace

Target experiment() { return {"experiment", read_experiment, experiment_seeds}; }

}  // namespace tests::fuzz
