#include "bench/learning.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bench/clock.h"
#include "bench/program.h"
#include "experiments/places.h"

namespace bench {

namespace {

struct Work {
  const char* name;
  const char* experiment;
  std::vector<std::string> overrides;
  const char* budget;    // key below train
  double short_, long_;  // amounts of it
  const char* unit;      // what is counted
  double each;           // units in one of the budget
  const char* peer;
  double peer_speed, goal;  // units per CPU second of one thread
};

// Speeds of the peers: measured on a 2-core EPYC with Debian 12 and the same BLAS, one thread.
const std::vector<Work>& table() {
  static const std::vector<std::string> cleanrl_ppo{"ppo.num_envs=4", "ppo.num_steps=128", "ppo.epochs=4",
                                                    "ppo.minibatch_size=128"};
  static const std::vector<Work> all{
      {"PPO CartPole 4 x 128", "cartpole_ppo", cleanrl_ppo, "env_steps", 51200, 512000, "env steps", 1,
       "CleanRL", 3849, 100e3},
      {"PPO Pendulum 4 x 128", "pendulum_ppo", cleanrl_ppo, "env_steps", 51200, 512000, "env steps", 1,
       "RLtools", 133e3, 100e3},
      {"VAE 784-400-20, batch 128",
       "fashion_vae",
       {"record.every={epochs: 100}"},
       "epochs",
       1,
       5,
       "pictures",
       60000,
       "PyTorch",
       14333,
       1.1 * 14333},
      {"RealNVP 2-D, 6 couplings, batch 512",
       "moons_real_nvp",
       {"flow.couplings=6", "data.batch_size=512", "data.test_size=1000", "record.n=1"},
       "steps",
       200,
       2200,
       "steps",
       1,
       "PyTorch",
       181,
       1.5 * 181},
  };
  return all;
}

double cpu_of(const Work& work, double amount, const std::filesystem::path& out) {
  std::vector<std::string> words{
      "run", experiments::home() / "experiments" / (std::string(work.experiment) + ".yaml")};
  words.insert(words.end(), work.overrides.begin(), work.overrides.end());
  const std::vector<std::string> alone{"eval.every={steps: 1000000000}",
                                       "eval.episodes=1",
                                       "checkpoint.every={steps: 1000000000}",
                                       "train.threads=1",
                                       fmt::format("train.{}={}", work.budget, amount),
                                       "--quiet",
                                       "--force",
                                       "--out",
                                       out.string()};
  words.insert(words.end(), alone.begin(), alone.end());
  return cpu_seconds(words);
}

double speed_of(const Work& work, const std::filesystem::path& out) {
  std::vector<double> speeds;
  for (int i = 0; i < 5; ++i) {
    const double seconds = cpu_of(work, work.long_, out) - cpu_of(work, work.short_, out);
    speeds.push_back((work.long_ - work.short_) * work.each / seconds);
  }
  return median(speeds);
}

}  // namespace

int learning(bool json) {
  const std::filesystem::path out =
      std::filesystem::temp_directory_path() / fmt::format("atelier-bench-{}", ::getpid());
  nlohmann::json rows = nlohmann::json::array();
  if (!json)
    fmt::print("{:<36} {:>12} {:>12}  {:<22} {:>12}\n", "learning, per CPU second", "Atelier", "", "peer",
               "goal");
  for (const Work& work : table()) {
    const double speed = speed_of(work, out);
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
  std::filesystem::remove_all(out);
  if (json) fmt::print("{}\n", rows.dump(2));
  return 0;
}

}  // namespace bench
