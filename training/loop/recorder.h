// Writes what a run says: metrics and pictures into run.h5, evaluation episodes into episodes.h5.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/episodes.h"
#include "core/picture.h"
#include "core/run_log.h"
#include "training/loop/layer_statistics.h"
#include "training/loop/session.h"
#include "training/profile.h"

namespace training {

class Recorder {
 public:
  using Draw = std::function<core::Image(const core::Picture&)>;

  // A new run in `folder`.
  static Recorder create(const std::filesystem::path& folder, Session& session, const core::Attributes& facts,
                         const std::string& config, Draw draw);
  // A run that goes on from session.counters.step: the log is cut back to it and to what the checkpoint knows
  // of, for a process may have died between its last rows and its last checkpoint; and to before its test.
  static Recorder reopen(const std::filesystem::path& folder, Session& session, Draw draw);

  // Of learning: values gather in the session's meters until a row is due.
  Logger learning();
  // The same of a step in which every layer is looked at, at the first optimiser step of each update.
  Logger looking();
  // Where a row is due: the mean of all that was logged since the row before, or their sum where it is a
  // count.
  void end_of_step(const Counters& counters, bool row_is_due);
  // Of one evaluation, whose means are rows at once, at its end.
  Logger evaluation();
  // An evaluation that was cut short: its episodes go, as its values do.
  void discard_evaluation();
  void end_of_evaluation(const Counters& counters);
  void value_now(const std::string& metric, double value, const Counters& counters);
  // Where this sitting's time went so far; its rows count all sittings.
  void profiled(const PartSeconds& seconds, const Counters& counters);
  const PartSeconds& spent_before() const { return spent_before_; }
  void pictures(const core::Gallery& gallery, const Counters& counters);
  // What has been written, by name; but for clocks, whose rows come when they will.
  std::map<std::string, int64_t> extent() const;
  void flush_if_due(double flush_s);
  void flush();
  void finish(const std::string& status, const std::string& why = "");
  core::RunLog& log() { return log_; }
  // What a run's user should know of how it was reopened, or of what befell its files since this was last
  // asked; mostly empty.
  std::string remark() { return std::exchange(remark_, ""); }
  // The newest row of each metric.
  const std::map<std::string, double>& latest() const { return latest_; }
  // What the latest evaluation logged, and nothing else.
  const std::map<std::string, double>& evaluation_values() const { return evaluation_values_; }

 private:
  Recorder(core::RunLog log, std::filesystem::path folder, Draw draw, Session& session);
  void episode(const core::EpisodeFormat& format, core::Episode& episode);
  double value_of(const std::string& metric, const AverageMeter& meter) const;
  void write_layers(const Counters& counters);
  void draw_layers(const std::string& update, const LayerLook& look, const Counters& counters);
  void write();
  void put_back();
  void reopen_episodes();
  void reopen_or_begin_episodes();

  core::RunLog log_;
  std::filesystem::path folder_;
  Draw draw_;
  Session* session_;
  std::map<std::string, AverageMeter> evaluation_;  // the present one
  std::map<std::string, double> latest_, evaluation_values_;
  std::optional<core::EpisodeLog> episodes_;
  std::map<std::string, LayerLook> looks_;  // by update: of this step
  int64_t episodes_before_ = 0;             // the present evaluation
  std::string remark_;
  double flushed_ = 0;
  PartSeconds spent_before_{};  // in earlier sittings
  int64_t profiled_step_ = 0;
};

double seconds_now();      // monotone
double cpu_seconds_now();  // of this process

}  // namespace training
