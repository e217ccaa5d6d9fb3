#include "bench/learning.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bench/clock.h"
#include "bench/program.h"

namespace bench {

namespace {

struct Work {
  std::string name, experiment;
  std::vector<std::string> overrides;
  std::string budget;     // key below train
  double brief, lasting;  // amounts of it
  std::string unit;       // what is counted
  double each = 1;        // units in one of the budget
  double goal = 0;        // units per CPU second of one thread; 0: none but a peer's speed (bench/peers)
};

using Words = std::vector<std::string>;

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<Work> agent_works() {
  const Words cleanrl_ppo{"ppo.num_envs=4", "ppo.num_steps=128", "ppo.epochs=4", "ppo.minibatch_size=128"};
  const Words cleanrl_dqn{"dqn.double=false",   "dqn.loss=squared",      "dqn.train_every=10",
                          "dqn.batch_size=128", "dqn.buffer_size=10000", "net.hidden=[120, 84]"};
  const Words small{"net.hidden=[64, 64]"};
  return {{.name = "Q-learning FrozenLake, a table",
           .experiment = "frozenlake_q_learning",
           .overrides = {},
           .budget = "env_steps",
           .brief = 1e6,
           .lasting = 21e6,
           .unit = "env steps",
           .goal = 5e6},
          {.name = "PPO CartPole, 4 x 128",
           .experiment = "cartpole_ppo",
           .overrides = cleanrl_ppo,
           .budget = "env_steps",
           .brief = 51200,
           .lasting = 512000,
           .unit = "env steps",
           .goal = 100e3},
          {.name = "PPO Pendulum, 4 x 128",
           .experiment = "pendulum_ppo",
           .overrides = cleanrl_ppo,
           .budget = "env_steps",
           .brief = 51200,
           .lasting = 512000,
           .unit = "env steps",
           .goal = 100e3},
          {.name = "PPO Pendulum, 4 x 128, ReLU, no clipping",
           .experiment = "pendulum_ppo",
           .overrides = with(cleanrl_ppo, {"net.activation=relu", "optim.clip_norm=0"}),
           .budget = "env_steps",
           .brief = 51200,
           .lasting = 512000,
           .unit = "env steps"},
          {.name = "SAC Pendulum, 64-64, batch 100",
           .experiment = "pendulum_sac",
           .overrides = with(small, {"sac.batch_size=100", "sac.buffer_size=20000"}),
           .budget = "env_steps",
           .brief = 1000,
           .lasting = 6000,
           .unit = "env steps"},
          {.name = "TD3 Pendulum, 64-64, batch 100",
           .experiment = "pendulum_td3",
           .overrides = with(small, {"td3.batch_size=100", "td3.learning_starts=100"}),
           .budget = "env_steps",
           .brief = 1000,
           .lasting = 6000,
           .unit = "env steps"},
          {.name = "DQN CartPole, 120-84, batch 128",
           .experiment = "cartpole_dqn",
           .overrides = cleanrl_dqn,
           .budget = "env_steps",
           .brief = 50e3,
           .lasting = 350e3,
           .unit = "env steps",
           .goal = 40e3}};
}

std::vector<Work> model_works() {
  const Words few{"data.train_size=12800", "data.test_size=100", "data.validation=0.01", "record.n=1"};
  const Words text{"record.n=1", "data.validation=0.01", "data.test=0.01"};
  return {{.name = "VAE 784-400-20, batch 128",
           .experiment = "fashion_vae",
           .overrides = {"record.every={epochs: 100}"},
           .budget = "epochs",
           .brief = 1,
           .lasting = 5,
           .unit = "pictures",
           .each = 54000,
           .goal = 15766},
          {.name = "RealNVP 2-D, 6 couplings, batch 512",
           .experiment = "moons_real_nvp",
           .overrides = {"flow.layers=6", "data.batch_size=512", "data.test_size=1000", "record.n=1"},
           .budget = "steps",
           .brief = 200,
           .lasting = 2200,
           .unit = "steps",
           .goal = 272},
          {.name = "GPT 4 x 128, block 64, batch 12",
           .experiment = "nanogpt",
           .overrides = text,
           .budget = "steps",
           .brief = 20,
           .lasting = 120,
           .unit = "tokens",
           .each = 12 * 64,
           .goal = 12673},
          {.name = "LSTM 256, block 64, batch 16",
           .experiment = "fortunes_lstm",
           .overrides = text,
           .budget = "steps",
           .brief = 10,
           .lasting = 60,
           .unit = "tokens",
           .each = 16 * 64},
          {.name = "CNN 16-32, batch 128",
           .experiment = "fashion_cnn",
           .overrides = few,
           .budget = "steps",
           .brief = 10,
           .lasting = 60,
           .unit = "pictures",
           .each = 128},
          {.name = "ResNet-8, batch 128",
           .experiment = "fashion_resnet",
           .overrides = few,
           .budget = "steps",
           .brief = 5,
           .lasting = 25,
           .unit = "pictures",
           .each = 128},
          {.name = "DCGAN 32-64, batch 64",
           .experiment = "fashion_dcgan",
           .overrides = few,
           .budget = "steps",
           .brief = 10,
           .lasting = 60,
           .unit = "pictures",
           .each = 64}};
}

std::vector<Work> table() {
  std::vector<Work> all = agent_works();
  for (Work& work : model_works()) all.push_back(std::move(work));
  return all;
}

double cpu_of(const Work& work, double amount, const std::string& out) {
  std::vector<std::string> words{"run", experiment(work.experiment)};
  words.insert(words.end(), work.overrides.begin(), work.overrides.end());
  const std::vector<std::string> alone{"eval.every={steps: 1000000000}",
                                       "eval.episodes=1",
                                       "checkpoint.every={steps: 1000000000}",
                                       "train.threads=1",
                                       fmt::format("train.{}={}", work.budget, amount),
                                       "--quiet",
                                       "--force",
                                       "--out",
                                       out};
  words.insert(words.end(), alone.begin(), alone.end());
  return cpu_seconds(words);
}

double speed_of(const Work& work, int64_t times, const std::string& out) {
  std::vector<double> speeds;
  for (int64_t i = 0; i < times; ++i) {
    const double seconds = cpu_of(work, work.lasting, out) - cpu_of(work, work.brief, out);
    speeds.push_back((work.lasting - work.brief) * work.each / seconds);
  }
  return median(speeds);
}

}  // namespace

int learning(const Request& request) {
  const std::vector<Work> works = table();
  std::vector<std::string> names;
  for (const Work& work : works) names.push_back(work.name);
  request.check(names);
  const Folder folder;
  nlohmann::json rows = nlohmann::json::array();
  if (!request.json)
    fmt::print("{:<42} {:>12} {:>12} {:>12}\n", "learning, per CPU second", "Atelier", "", "goal");
  for (const Work& work : works) {
    if (!request.wants(work.name)) continue;
    const double speed = speed_of(work, request.times, folder / "run");
    if (request.json)
      rows.push_back({{"work", work.name}, {"speed", speed}, {"unit", work.unit}, {"goal", work.goal}});
    else
      fmt::print("{:<42} {:>12.0f} {:>12} {:>12}\n", work.name, speed, work.unit,
                 work.goal > 0 ? fmt::format("{:.0f}", work.goal) : "");
  }
  if (request.json) fmt::print("{}\n", rows.dump(2));
  return 0;
}

}  // namespace bench
