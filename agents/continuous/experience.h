// What agents of continuous actions that learn from a replay share: environments that fill it, and batches
// that are drawn from it.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/action_box.h"
#include "agents/observation_batch.h"
#include "agents/replay.h"
#include "agents/replay_options.h"
#include "envs/all.h"
#include "training/loop/learner.h"

namespace agents {

class Experience {
 public:
  // Writes an action [A], in units of half its range, for each of the N observations that it is given.
  using Act = std::function<void(training::MlpInput seen, float* unit_actions)>;

  // The environments, and for a learner the replay and its random numbers, registered with `build`. `agent`
  // is also the name of the section of its options.
  Experience(const std::string& agent, const envs::Options& env, const ReplayOptions& options,
             training::Build& build);

  const envs::Spec& spec() const { return envs_->spec(); }
  int64_t num_envs() const { return options_.num_envs; }      // N
  int64_t batch_size() const { return options_.batch_size; }  // B

  // Steps the environments until train_every transitions have come, with random actions before learning
  // starts. Whether there is something to learn from.
  bool play(training::Step& step, const Act& act);

  // Whether an episode of environment i begins with what it shows at present.
  bool begins(int64_t i) const {
    const int64_t latest = replay_->completed_row(1);
    return latest < 0 || replay_->ended(latest + i);
  }

  // B transitions, drawn with replacement.
  void draw();
  const ObservationBatch& seen() const { return *seen_; }  // [B, O]
  const ObservationBatch& next() const { return *next_; }  // [B, O]
  const float* action(int64_t b) const {
    return actions_.data() + b * box_.size();
  }  // [A], of half its range
  // r + gamma v, where v is worth what comes next; r alone where the episode terminated.
  float target(int64_t b, float next_value) const {
    return rewards_[static_cast<size_t>(b)] + discounts_[static_cast<size_t>(b)] * next_value;
  }

 private:
  void build_replay(const std::string& agent, training::Build& build);
  void choose(const Act& act, bool at_random);

  ReplayOptions options_;
  std::unique_ptr<envs::Envs> envs_;           // what they show and pay is kept raw
  envs::DeferredNormalization normalization_;  // and is normalised, where wrappers do that, when it is drawn
  ActionBox box_;
  std::optional<Replay> replay_;  // of a learner
  core::Pcg64 exploration_random_, replay_random_;
  std::optional<ObservationBatch> now_, seen_, next_;  // [N, O], [B, O], [B, O]
  std::vector<double> returns_;                        // [N], of the episodes that ended
  std::vector<int64_t> lengths_;                       // [N], likewise
  std::vector<float> chosen_;                          // [N, A]
  std::vector<float> actions_;                         // [B, A]
  std::vector<float> rewards_, discounts_;             // [B]
};

}  // namespace agents
