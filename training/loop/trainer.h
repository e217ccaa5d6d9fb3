// THE trainer: build -> [step -> update... -> log] -> evaluate -> sample -> checkpoint, for every learner.
#pragma once

#include <filesystem>
#include <string>

#include "training/loop/console.h"
#include "training/loop/recorder.h"
#include "training/loop/session.h"

namespace training {

class Trainer {
 public:
  struct Outcome {
    int signal = 0;  // that ended the run, or 0
    bool stopped_early = false;
    bool step_dropped = false;  // by the signal: the run goes on from the step before
  };

  // `config`: the resolved config, for checkpoints. `shown`: metrics on the progress line.
  Trainer(Session& session, Recorder& recorder, Console& console, std::filesystem::path folder,
          std::string config);

  // To the end of the budget, an early stop or a signal; the run file's status says which. A run that is not
  // interrupted ends by grading the test data once, with the weights of best.h5, which the session holds from
  // then on. On Error(failed)
  // the status is "failed", the last good checkpoint stays, and the Error goes on with the way to go on.
  Outcome run();
  void save();  // last.h5

 private:
  Outcome loop();
  void fail(const std::string& why);
  void tell_remark();
  std::string going_on(const std::string& why) const;
  void write_last_row();
  void learn();
  void step();
  void run_due();
  void run_evaluation(const Eval::Request& request, const Logger& logger);
  void evaluate();
  void finish();
  void test();
  double evaluation_value(const std::string& metric) const;
  void watch_plateau();
  void save_best();
  void update_early_stop();
  bool early_stop_is_due() const;
  bool records_own_episodes() const;
  void record();
  void play();
  void sample();
  void log_rates();
  void tell_profile();

  Session& session_;
  Recorder& recorder_;
  Console& console_;
  std::filesystem::path folder_;
  std::string config_;
  core::Duration eval_every_, checkpoint_every_, record_every_, log_every_;
  double wall_offset_, started_;
  double rated_ = 0;  // when rates were logged last, moved on by what was not learning since
  Counters rated_at_;
  int64_t saved_step_ = -1;
  double save_s_ = 0;  // what the last save took
  bool step_dropped_ = false;
};

}  // namespace training
