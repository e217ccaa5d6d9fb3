// A learner, built: its registry, optimisers, counters and streams. Training, evaluation, samples and
// checkpoints all work on one; only the Trainer adds a loop and files.
#pragma once

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "training/loop/experiment.h"
#include "training/loop/learner.h"
#include "training/loop/registry.h"
#include "training/loop/updater.h"

namespace training {

// What the trainer must remember between evaluations: saved with the run.
struct TrainerState {
  bool has_best = false;                            // was there a score yet?
  double best = 0;                                  // of Registry::score
  double early_stop_best = std::nan("");            // the best of early_stop.metric; none yet
  int64_t wait_count = 0;                           // evaluations without improvement
  int64_t evaluated_step = -1, sampled_step = -1;   // the newest ones
  int64_t evaluations = 0;                          // so far: each has streams of its own
  bool evaluation_due = false, sample_due = false;  // due at this step, and not done yet
};

// What was logged of a metric since its last row.
struct AverageMeter {
  double sum = 0;
  int64_t count = 0;
};

class Session {
 public:
  // Builds the learner with fresh weights. Sets torch's threads; Error when the device is not there.
  Session(Experiment experiment, const Entry& entry, Purpose purpose = Purpose::training,
          const Build::Saved& saved = {});

  Experiment experiment;
  core::Duration budget;
  torch::Device device;
  Registry registry;
  Updater updater;
  Counters counters;
  TrainerState trainer_state;
  std::map<std::string, AverageMeter>
      meters;  // by metric: saved with the run, for a resumed log equals an unbroken one

  std::map<std::string, int64_t>
      logged;  // rows, pictures and episodes that the checkpoint to come knows of; empty: nobody has counted

  double progress() const { return fraction(budget, counters); }
  void step(const Logger& logger);
  // Under eval mode, no-grad and averaged weights; training's random streams are as before afterwards.
  void evaluate(const Eval::Request& request, const Logger& logger);
  // What of the request the learner has not heeded, the gallery tells.
  core::Gallery sample(int64_t n, uint64_t seed, const core::Request& request = {});
  // The seed of the next evaluation during training, apart from every other stream.
  uint64_t evaluation_seed() const;
  uint64_t test_seed() const;  // of the one evaluation at the end

 private:
  template <class F>
  void in_eval_mode(uint64_t seed, F&& look);

  std::unique_ptr<Learner> learner_;
};

}  // namespace training
