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
  std::string status = "finished", learner = "reinforce", env = "CartPole-v1";
};

inline void write(const std::filesystem::path& folder, const Plan& plan) {
  std::filesystem::create_directories(folder);
  auto log = core::RunLog::create(
      folder,
      {{"name", "trial"},
       {"learner", plan.learner},
       {"kind", "agent"},
       {"seed", std::to_string(plan.seed)},
       {"score", "eval/return_greedy"},
       {"score_sign", "+1"},
       {"libtorch_version", "1.13.1"}},
      fmt::format("name: trial\nseed: {}\nagent: {}\nenv: {{id: {}}}\noptim: {{lr: {}}}\n", plan.seed,
                  plan.learner, plan.env, plan.lr),
      {{"train/loss", "nats", "The loss", false},
       {"eval/return_greedy", "reward", "Greedy <return>", false}});
  for (int64_t step = 1; step <= plan.steps; ++step) {
    const double share = static_cast<double>(step) / static_cast<double>(plan.steps);
    log.log("train/loss", {step, 10 * step, 0, 0.1 * static_cast<double>(step), 1 - share});
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

}  // namespace trial_runs
