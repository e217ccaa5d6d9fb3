// Small runs as a trainer would leave them.
#pragma once

#include <fmt/format.h>

#include "core/episodes.h"
#include "core/run_log.h"
#include "render/reel.h"

namespace trial_runs {

struct Plan {
  int64_t seed = 0, steps = 50;
  double lr = 0.1, level = 100;  // the greedy return that it reaches
  std::string status = "finished", learner = "reinforce", env = "CartPole-v1", command = "";
  bool idle = false;  // with a rate that stays 0
};

inline void write(const std::filesystem::path& folder, const Plan& plan) {
  std::filesystem::create_directories(folder);
  std::vector<core::Metric> metrics{{"train/loss", "nats", "The loss", false},
                                    {"eval/return_greedy", "reward", "Greedy <return>", false}};
  if (plan.idle) metrics.push_back({"time/samples_per_s", "1/s", "Samples a second", false});
  auto log = core::RunLog::create(
      folder,
      {{"name", "trial"},
       {"learner", plan.learner},
       {"kind", "agent"},
       {"seed", std::to_string(plan.seed)},
       {"score", "eval/return_greedy"},
       {"score_sign", "+1"},
       {"command", plan.command},
       {"libtorch_version", "1.13.1"}},
      fmt::format("name: trial\nseed: {}\nagent: {}\nenv: {{id: {}}}\noptim: {{lr: {}}}\n", plan.seed,
                  plan.learner, plan.env, plan.lr),
      metrics);
  for (int64_t step = 1; step <= plan.steps; ++step) {
    const double share = static_cast<double>(step) / static_cast<double>(plan.steps);
    log.log("train/loss", {step, 10 * step, 0, 0.1 * static_cast<double>(step), 1 - share});
    if (plan.idle) log.log("time/samples_per_s", {step, 10 * step, 0, 0.1 * static_cast<double>(step), 0});
    if (step % 10 == 0)
      log.log("eval/return_greedy",
              {step, 10 * step, 0, 0.1 * static_cast<double>(step), plan.level * share});
  }
  log.picture("latent", "points", "Where pictures lie", plan.steps, {8, 4, 3, std::vector<uint8_t>(96, 77)});
  log.set("status", plan.status);
  log.flush();
}

// Episode k is of an evaluation at step 50 + k * apart.
inline void write_episodes(const std::filesystem::path& file, int count, int64_t apart = 0) {
  const render::Reel reel = render::played("CartPole-v1", "heuristic", 11);
  auto log = core::EpisodeLog::create(file, reel.format);
  for (int64_t k = 0; k < count; ++k) {
    core::Episode episode = reel.episode(k);
    episode.header.step = 50 + k * apart;
    log.append(episode);
  }
  log.flush();
}

// A model's run: five frames that grow lighter, of two kinds of picture.
inline void write_pictures(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  auto log = core::RunLog::create(folder, {{"name", "model"}, {"seed", "0"}, {"kind", "model"}},
                                  "name: model\n", {{"test/loss", "nats", "The loss", false}});
  for (int64_t step = 1; step <= 5; ++step) {
    const auto light = static_cast<uint8_t>(40 * step);
    log.log("test/loss", {step, 0, 10 * step, 0.1, 1.0 / static_cast<double>(step)});
    log.picture("samples", "image", "What it makes", step, {16, 16, 3, std::vector<uint8_t>(768, light)});
    log.picture("warp", "points", "What it bends", step, {20, 10, 3, std::vector<uint8_t>(600, light)});
  }
  log.set("status", "finished");
  log.flush();
}

// One episode of a policy that tells everything: probabilities that change from step to step, Q, value,
// hidden.
inline void write_thoughts(const std::filesystem::path& file) {
  const render::Reel reel = render::played("CartPole-v1", "heuristic", 11);
  core::EpisodeFormat format = reel.format;
  format.probabilities = 2;
  format.q = 2;
  format.hidden = 40;
  format.value = true;
  core::Episode episode = reel.episode(0);
  for (int64_t t = 0; t < episode.header.length; ++t) {
    const float left = 0.1f + 0.8f * static_cast<float>(t % 10) / 10;
    episode.probabilities.insert(episode.probabilities.end(), {left, 1 - left});
    episode.q.insert(episode.q.end(), {left, 2 - left});
    episode.value.push_back(left);
    for (int k = 0; k < 40; ++k) episode.hidden.push_back(static_cast<float>((t + k) % 7));
  }
  auto log = core::EpisodeLog::create(file, format);
  log.append(episode);
  log.flush();
}

}  // namespace trial_runs
