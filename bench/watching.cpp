#include "bench/watching.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include "bench/clock.h"
#include "bench/program.h"
#include "core/episodes.h"
#include "core/error.h"
#include "render/reel.h"

namespace bench {

namespace {

constexpr int pairs = 5;
constexpr double most = 2, slowest = 30, latest = 0.5;  // goals: % of the rate, pictures a second, seconds

double training_seconds(const std::string& run, bool watched) {
  std::filesystem::remove_all(run);
  const double start = wall_time();
  Started training("atelier", {"run", experiment("cartpole_ppo"), "train.env_steps=1M", "eval.every=100k",
                               "--quiet", "--out", run});
  std::optional<Started> window;
  if (watched) {
    while (!std::filesystem::exists(run + "/run.h5"))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    window.emplace("atelier", std::vector<std::string>{"watch", run, "--metric", "eval/return_greedy"});
  }
  training.wait();
  return wall_time() - start;
}

// How much longer the same training takes with a window beside it, in percent.
double share_of_training(const Folder& folder) {
  std::vector<double> share;
  for (int k = 0; k < pairs; ++k) {
    const double alone = training_seconds(folder / "run", false);
    share.push_back(100 * (training_seconds(folder / "run", true) - alone) / alone);
  }
  return median(share);
}

// At twice its own speed, a hundred steps a second, every picture differs from the one before.
double pictures_per_second(const Folder& folder, const std::string& env) {
  const std::string said = folder / "said";
  Started("atelier", {"watch", env, "--policy", "heuristic", "--speed", "2", "--seconds", "2"}, said).wait();
  std::ifstream file(said);
  double pictures = 0, seconds = 1;
  std::string word;
  core::check(bool(file >> pictures >> word >> word >> seconds), "bench: watch {} did not count its pictures",
              env);
  return pictures / seconds;
}

double first_picture(const Folder& folder) {
  const render::Reel reel = render::played("LunarLander-v3", "heuristic", 1);
  const std::string file = folder / "episodes.h5";
  auto log = core::EpisodeLog::create(file, reel.format);
  core::Episode episode = reel.episode(0);
  for (int k = 0; k < 10000; ++k) log.append(episode);
  log.flush();
  std::vector<double> seconds;
  for (int k = 0; k < 5; ++k) seconds.push_back(wall_seconds({"watch", file, "--seconds", "0.001"}));
  return median(seconds);
}

}  // namespace

int watching(bool json) {
  if (!std::getenv("DISPLAY")) {
    fmt::print("watching: no display; measure with: xvfb-run -a atelier bench watching\n");
    return 0;
  }
  const Folder folder;
  const double share = share_of_training(folder), cartpole = pictures_per_second(folder, "CartPole-v1"),
               lander = pictures_per_second(folder, "LunarLander-v3"), first = first_picture(folder);
  if (json)
    fmt::print(
        "{{\"bench\": \"watching\", \"training_slower_percent\": {:.2f}, \"cartpole_fps\": {:.0f}, "
        "\"lunarlander_fps\": {:.0f}, \"first_picture_s\": {:.2f}}}\n",
        share, cartpole, lander, first);
  else
    fmt::print(
        "watching: a run takes {:+.2f} % longer with a window that follows it (median of {} pairs; goal < {} "
        "%)\n"
        "watching: {:.0f} pictures a second of CartPole, {:.0f} of LunarLander (at most 60; goal >= {})\n"
        "watching: {:.2f} s to the end of the first picture of a run of 10,000 episodes (goal < {} s)\n",
        share, pairs, most, cartpole, lander, slowest, first, latest);
  return 0;
}

}  // namespace bench
