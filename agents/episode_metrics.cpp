#include "agents/episode_metrics.h"

namespace agents {

void register_episodes(training::Build& build) {
  build.collects();
  build.metric({"train/return", "reward", "Mean return of the episodes that ended since the row before",
                training::Direction::maximize});
  build.metric(
      {"train/episode_length", "steps", "Mean length of the episodes that ended since the row before"});
  build.metric({.name = "train/episodes",
                .unit = "episodes",
                .sentence = "Episodes that ended since the row before",
                .count = true});
}

void log_episode(training::Step& step, double episode_return, int64_t length) {
  step.log("train/return", episode_return);
  step.log("train/episode_length", static_cast<double>(length));
  step.log("train/episodes", 1);
}

}  // namespace agents
