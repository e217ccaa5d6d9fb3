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
  std::string peer;
  double peer_speed, goal;  // units per CPU second of one thread
};

// Speeds of the peers: measured on a 2-core EPYC with Debian 12 and the same BLAS, one thread.
std::vector<Work> table() {
  const std::vector<std::string> cleanrl_ppo{"ppo.num_envs=4", "ppo.num_steps=128", "ppo.epochs=4",
                                             "ppo.minibatch_size=128"};
  const std::vector<std::string> cleanrl_dqn{"dqn.double=false",      "dqn.loss=squared",
                                             "dqn.train_every=10",    "dqn.batch_size=128",
                                             "dqn.buffer_size=10000", "net.hidden=[120, 84]"};
  const std::vector<std::string> plane{"flow.couplings=6", "data.batch_size=512", "data.test_size=1000",
                                       "record.n=1"};
  return {{.name = "PPO CartPole, 4 x 128",
           .experiment = "cartpole_ppo",
           .overrides = cleanrl_ppo,
           .budget = "env_steps",
           .brief = 51200,
           .lasting = 512000,
           .unit = "env steps",
           .peer = "CleanRL",
           .peer_speed = 3849,
           .goal = 100e3},
          {.name = "PPO Pendulum, 4 x 128",
           .experiment = "pendulum_ppo",
           .overrides = cleanrl_ppo,
           .budget = "env_steps",
           .brief = 51200,
           .lasting = 512000,
           .unit = "env steps",
           .peer = "RLtools",
           .peer_speed = 133e3,
           .goal = 100e3},
          {.name = "DQN CartPole, 120-84, batch 128",
           .experiment = "cartpole_dqn",
           .overrides = cleanrl_dqn,
           .budget = "env_steps",
           .brief = 50e3,
           .lasting = 350e3,
           .unit = "env steps",
           .peer = "CleanRL",
           .peer_speed = 2800,
           .goal = 40e3},
          {.name = "VAE 784-400-20, batch 128",
           .experiment = "fashion_vae",
           .overrides = {"record.every={epochs: 100}"},
           .budget = "epochs",
           .brief = 1,
           .lasting = 5,
           .unit = "pictures",
           .each = 54000,
           .peer = "PyTorch",
           .peer_speed = 14333,
           .goal = 1.1 * 14333},
          {.name = "RealNVP 2-D, 6 couplings, batch 512",
           .experiment = "moons_real_nvp",
           .overrides = plane,
           .budget = "steps",
           .brief = 200,
           .lasting = 2200,
           .unit = "steps",
           .peer = "PyTorch",
           .peer_speed = 181,
           .goal = 1.5 * 181},
          {.name = "GPT 4 x 128, block 64, batch 12",
           .experiment = "nanogpt",
           .overrides = {"record.n=1", "data.validation=0.01", "data.test=0.01"},
           .budget = "steps",
           .brief = 20,
           .lasting = 120,
           .unit = "tokens",
           .each = 12 * 64,
           .peer = "PyTorch",
           .peer_speed = 10561,
           .goal = 1.2 * 10561}};
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

double speed_of(const Work& work, const std::string& out) {
  std::vector<double> speeds;
  for (int i = 0; i < 5; ++i) {
    const double seconds = cpu_of(work, work.lasting, out) - cpu_of(work, work.brief, out);
    speeds.push_back((work.lasting - work.brief) * work.each / seconds);
  }
  return median(speeds);
}

}  // namespace

int learning(bool json) {
  const Folder folder;
  nlohmann::json rows = nlohmann::json::array();
  if (!json)
    fmt::print("{:<36} {:>12} {:>12}  {:<22} {:>12}\n", "learning, per CPU second", "Atelier", "", "peer",
               "goal");
  for (const Work& work : table()) {
    const double speed = speed_of(work, folder / "run");
    if (json)
      rows.push_back({{"work", work.name},
                      {"speed", speed},
                      {"unit", work.unit},
                      {"peer", work.peer},
                      {"peer_speed", work.peer_speed},
                      {"goal", work.goal}});
    else
      fmt::print("{:<36} {:>12.0f} {:>12}  {:<8} {:>13.0f} {:>12.0f}\n", work.name, speed, work.unit,
                 work.peer, work.peer_speed, work.goal);
  }
  if (json) fmt::print("{}\n", rows.dump(2));
  return 0;
}

}  // namespace bench
