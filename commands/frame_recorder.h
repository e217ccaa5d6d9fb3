// Plays episodes of one environment and keeps a picture of each step, with what is true of it.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/frames.h"
#include "commands/object_labels.h"

namespace commands {

// An episode to be played: where it begins, and what is done at step t, or that it ends there (false).
struct EpisodePlan {
  uint64_t seed = 0;
  std::function<bool(int64_t t, const std::byte* obs, envs::ActionOut)> act;
};

class FrameRecorder {
 public:
  // `kinds` grows by the names of objects as they are first seen; it outlives the recorder.
  FrameRecorder(const Frames& options, const envs::Options& env, std::vector<std::string>& kinds);

  const envs::Spec& spec() const { return envs_->spec(); }
  void play(const EpisodePlan& plan, int64_t episode);
  training::Dataset frames() const;

 private:
  bool step(const EpisodePlan& plan, int64_t t);  // false where the plan has ended
  void keep(int64_t episode, int64_t t);
  void keep_state();
  void keep_labels();
  void set_targets(training::Dataset& set, const torch::Tensor& state) const;
  void set_labels(training::Dataset& set) const;

  int64_t channels() const { return options_.colour == "rgb" ? 3 : 1; }
  int64_t area() const { return options_.width * options_.height; }

  const Frames& options_;
  std::vector<std::string>& kinds_;
  std::unique_ptr<envs::Envs> envs_;
  envs::OffscreenCanvas canvas_;
  std::optional<ObjectLabels> objects_;  // where labels are asked for
  std::vector<std::byte> obs_;
  bool ended_ = false;
  std::vector<std::string> names_;  // of the numbers of an observation
  std::vector<uint8_t> pixels_, mask_;
  std::vector<float> states_, boxes_, centres_;
  std::vector<int64_t> episodes_, times_, labels_, offsets_{0};
};

}  // namespace commands
