#include "training/loop/trainer.h"

#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/generations.h"
#include "core/interrupt.h"
#include "core/shell.h"
#include "training/loop/baselines.h"
#include "training/loop/checkpoint.h"
#include "training/loop/failure.h"
#include "training/profile.h"
#include "training/trace.h"

namespace training {

static constexpr double default_share = 0.1;  // of the budget: ten evaluations, checkpoints, pictures a run
static constexpr double long_step_s = 0.5;    // longer than a person who stops a run waits gladly
static constexpr double untold_step_s = 2;    // of a longer one whoever stops a run is told
static constexpr double shortest_profile_s = 1;  // of a shorter run nobody asks where the time went
static constexpr double save_share = 0.1;        // of a long step, which the save behind it may take

Trainer::Trainer(Session& session, Recorder& recorder, Console& console, std::filesystem::path folder,
                 std::string config)
    : session_(session),
      recorder_(recorder),
      console_(console),
      folder_(std::move(folder)),
      config_(std::move(config)) {
  const Experiment& e = session_.experiment;
  eval_every_ = resolve(e.eval.every, session_.budget, default_share);
  checkpoint_every_ = resolve(e.checkpoint.every, session_.budget, default_share);
  record_every_ =
      e.record.every.amount > 0 ? resolve(e.record.every, session_.budget, default_share) : eval_every_;
  log_every_ = resolve(e.log.every, session_.budget, default_share);
  wall_offset_ = session_.counters.wall_s;
  started_ = rated_ = seconds_now();
  rated_at_ = session_.counters;
  begin_profile();
}

void Trainer::save() {
  const Timed timed(Part::checkpoint);
  const double began = seconds_now();
  recorder_.flush();  // first: a resume expects every row up to the checkpoint's step
  tell_remark();
  session_.logged = recorder_.extent();
  save_checkpoint(session_, config_, folder_ / "last.h5");
  saved_step_ = session_.counters.step;
  save_s_ = seconds_now() - began;
}

void Trainer::tell_remark() {
  if (const std::string remark = recorder_.remark(); !remark.empty()) console_.say("note: " + remark);
}

Trainer::Outcome Trainer::run() {
  try {
    return loop();
  } catch (const core::Error& error) {
    fail(error.what());
    throw core::Error(fmt::format("{}\n{}", error.what(), going_on(error.what())), core::Exit::failed);
  } catch (const std::exception& error) {  // LibTorch's own, such as anomaly mode's
    const std::string first_line =
        is_out_of_memory(error) ? "there is not enough memory for it" : sentence(error);
    fail(first_line);
    throw core::Error(fmt::format("step {}: {}", session_.counters.step, first_line), core::Exit::failed);
  }
}

// What is left to a user after a failure.
std::string Trainer::going_on(const std::string& why) const {
  if (!core::has_checkpoint(folder_))
    return "There is no checkpoint: once the cause is removed, begin it anew (--force).";
  const std::string line = core::program_name() + " run --resume " + core::shell_path(folder_);
  if (why.find(" is not finite") == std::string::npos)
    return "The last checkpoint is kept; once the cause is removed, go on from it with:\n  " + line;
  return "The last good checkpoint is kept; go on from it with the line below (--anomaly names the operator "
         "that makes a NaN):\n  " +
         line + " --anomaly";
}

// The status says why, where the disk still takes it: on a full one the first error is the one to tell.
void Trainer::fail(const std::string& why) {
  console_.done(session_.counters, recorder_.latest());
  try {
    recorder_.finish("failed", why);
  } catch (const core::Error&) {
    console_.say("the run file could not be completed");
  }
}

// To its end, or until a signal cuts it short.
template <class F>
static void until_signal(Trainer::Outcome& outcome, F&& work) {
  try {
    work();
  } catch (const core::Interrupted& by) {
    outcome.signal = by.signal;
  }
}

Trainer::Outcome Trainer::loop() {
  Outcome outcome;
  save();  // a run that fails at once can be replayed, too, and a long first step dropped
  const auto goes_on = [&] {
    outcome.stopped_early = early_stop_is_due();
    return session_.progress() < 1 && !outcome.stopped_early && (outcome.signal = core::interrupted()) == 0;
  };
  until_signal(outcome, [&] {
    run_due();  // at what a signal cut short in the sitting before
    while (goes_on()) step();
    log_rates();
    if (outcome.signal == 0) finish();
  });
  if (saved_step_ != session_.counters.step) save();
  if (outcome.signal == 0)  // after the last save: no checkpoint knows of it
    until_signal(outcome, [this] { test(); });
  recorder_.profiled(profile(), session_.counters);
  console_.done(session_.counters, recorder_.latest());
  tell_profile();
  recorder_.log().set("stopped_early", outcome.stopped_early ? "true" : "false");
  outcome.step_dropped = step_dropped_;
  recorder_.finish(outcome.signal ? "interrupted" : "finished");
  tell_remark();
  return outcome;
}

void Trainer::finish() {
  write_last_row();
  if (session_.trainer_state.evaluated_step != session_.counters.step) {
    evaluate();
    saved_step_ = -1;  // last.h5 must know the best so far: a longer budget may go on from here
  }
  if (session_.trainer_state.sampled_step != session_.counters.step) record();
}

void Trainer::test() {
  if (!session_.registry.has_test()) return;
  console_.tick(session_.counters, recorder_.latest());
  if (session_.trainer_state.has_best) load_weights(session_, folder_ / "best.h5");
  run_evaluation({.seed = session_.test_seed(), .split = Split::test}, recorder_.evaluation());
  recorder_.end_of_evaluation(session_.counters);
}

// What was logged since the last row that was due; a run that was interrupted goes on with it instead.
void Trainer::write_last_row() {
  if (session_.meters.empty()) return;
  recorder_.end_of_step(session_.counters, true);
  saved_step_ = -1;  // in last.h5 it may still be waiting
}

// A signal drops a long step where the checkpoint is of just before it: the run goes on from there, as one
// that was killed in the midst of it, and nothing else is lost.
void Trainer::learn() {
  const Counters before = session_.counters;
  core::call_expendable(saved_step_ == before.step);
  const int64_t every = session_.experiment.log.layers;
  const bool looks = every > 0 && (before.step + 1) % every == 0;  // the same ones after a resume
  if (looks) clear_trace();
  keep_activations(looks);
  try {
    const Timed timed(Part::forward);
    session_.step(looks ? recorder_.looking() : recorder_.learning());
  } catch (const core::Interrupted&) {
    session_.counters = before;
    step_dropped_ = true;
    throw;
  }
}

void Trainer::step() {
  const Counters before = session_.counters;
  const double began = seconds_now();
  learn();
  Counters& now = session_.counters;
  now.wall_s = wall_offset_ + seconds_now() - started_;
  if (before.step == 0)
    if (const std::string told = told_of_the_start(session_); !told.empty()) console_.say(told);
  recorder_.end_of_step(now, passed(log_every_, before, now));
  const double learned = seconds_now();
  session_.trainer_state.evaluation_due = passed(eval_every_, before, now);
  session_.trainer_state.sample_due = passed(record_every_, before, now);
  run_due();
  if (learned - began > untold_step_s) core::tell_step_length(learned - began);
  const bool is_long = learned - began > std::max(long_step_s, save_s_ / save_share);
  if (is_long || passed(checkpoint_every_, before, now)) save();
  const double idle = seconds_now() - learned;  // rates are of learning alone
  rated_ += idle;
  console_.idle(idle);
  if (seconds_now() - rated_ > 1) log_rates();
  recorder_.flush_if_due(session_.experiment.log.flush_s);
  tell_remark();
  console_.tick(now, recorder_.latest());
}

// What is due. A signal cuts it short, and the checkpoint remembers that it is.
void Trainer::run_due() {
  const TrainerState& state = session_.trainer_state;
  if (state.evaluation_due || state.sample_due) saved_step_ = -1;  // last.h5 still calls it due
  if (session_.trainer_state.evaluation_due) evaluate();
  if (session_.trainer_state.sample_due) record();
}

// Whole or not at all.
void Trainer::run_evaluation(const Eval::Request& request, const Logger& logger) {
  const Timed timed(Part::evaluation);
  try {
    session_.evaluate(request, logger);
  } catch (const core::Interrupted&) {
    recorder_.discard_evaluation();
    throw;
  }
}

void Trainer::evaluate() {
  console_.tick(session_.counters, recorder_.latest());
  const Eval::Request request{session_.evaluation_seed(), session_.experiment.eval.episodes, true, true};
  Logger logger = recorder_.evaluation();
  if (records_own_episodes()) logger.episode = nullptr;
  run_evaluation(request, logger);
  ++session_.trainer_state.evaluations;
  session_.trainer_state.evaluation_due = false;
  recorder_.end_of_evaluation(session_.counters);
  session_.trainer_state.evaluated_step = session_.counters.step;
  update_early_stop();
  watch_plateau();
  save_best();
}

// The value of `metric` in this evaluation, and in no other.
double Trainer::evaluation_value(const std::string& metric) const {
  const auto found = recorder_.evaluation_values().find(metric);
  core::check(found != recorder_.evaluation_values().end(), "evaluations of '{}' log no '{}'",
              session_.experiment.learner, metric);
  return found->second;
}

void Trainer::watch_plateau() {
  if (const auto& score = session_.registry.score)
    session_.updater.scored(score->sign * evaluation_value(score->metric));
}

void Trainer::save_best() {
  const Timed timed(Part::checkpoint);
  TrainerState& trainer_state = session_.trainer_state;
  const auto& score = session_.registry.score;
  if (!score) return;
  const double value = evaluation_value(score->metric);
  if (!std::isfinite(value)) return;  // no score: nothing could ever beat a NaN
  // Of equals the later one is kept: it has learned from more.
  if (trainer_state.has_best && score->sign * (value - trainer_state.best) < 0) return;
  trainer_state.has_best = true;
  trainer_state.best = value;
  save_weights(session_, config_, folder_ / "best.h5");
}

// Counts the evaluations without improvement of what an early stop watches.
void Trainer::update_early_stop() {
  const EarlyStopOptions& early = session_.experiment.train.early_stop;
  const auto& score = session_.registry.score;
  const std::string metric = early.metric.empty() && score ? score->metric : early.metric;
  if (metric.empty()) return;
  TrainerState& trainer_state = session_.trainer_state;
  const double value = evaluation_value(metric);
  const double gain = session_.registry.metric(metric)->direction == Direction::maximize
                          ? value - trainer_state.early_stop_best
                          : trainer_state.early_stop_best - value;
  const bool improved =
      std::isnan(trainer_state.early_stop_best) ? !std::isnan(value) : gain > early.min_delta;
  trainer_state.wait_count = improved ? 0 : trainer_state.wait_count + 1;
  if (improved) trainer_state.early_stop_best = value;
}

bool Trainer::early_stop_is_due() const {
  const int64_t patience = session_.experiment.train.early_stop.patience;
  return patience > 0 && session_.trainer_state.wait_count >= patience;
}

// Agents whose episodes are recorded at times of their own, not at each evaluation.
bool Trainer::records_own_episodes() const {
  return session_.experiment.kind == "agent" && session_.experiment.record.every.amount > 0;
}

void Trainer::record() {
  records_own_episodes() ? play() : sample();
  session_.trainer_state.sampled_step = session_.counters.step;
  session_.trainer_state.sample_due = false;
}

// Episodes that are recorded, and not counted.
void Trainer::play() {
  const int64_t episodes = session_.experiment.record.episodes.value_or(1);
  Logger silent = recorder_.evaluation();
  silent.value = [](const std::string&, double) {};
  if (episodes > 0) run_evaluation({session_.evaluation_seed(), episodes, true, false}, silent);
}

void Trainer::sample() {
  const Timed timed(Part::pictures);
  const auto seed = static_cast<uint64_t>(session_.experiment.seed);
  recorder_.pictures(session_.sample(session_.experiment.record.n, seed), session_.counters);
}

// Of all sittings so far.
void Trainer::tell_profile() {
  PartSeconds spent = profile();
  for (size_t k = 0; k < parts.size(); ++k) spent[k] += recorder_.spent_before()[k];
  const double all = std::accumulate(spent.begin(), spent.end(), 0.0);
  std::vector<std::string> told = shares(spent);
  if (told.empty() || all < shortest_profile_s) return;
  told[0] = "time: " + told[0];
  console_.say(told, ", ");
}

void Trainer::log_rates() {
  const double now = seconds_now(), span = std::max(1e-9, now - rated_);
  const Counters& c = session_.counters;
  if (c.step == rated_at_.step) return;
  const auto rate = [&](const char* metric, int64_t then, int64_t today) {
    recorder_.value_now(metric, static_cast<double>(today - then) / span, c);
  };
  rate("time/steps_per_s", rated_at_.step, c.step);
  rate("time/env_steps_per_s", rated_at_.env_steps, c.env_steps);
  rate("time/samples_per_s", rated_at_.samples, c.samples);
  recorder_.value_now("time/cpu_s", cpu_seconds_now(), c);
  if (session_.progress() < 1) recorder_.profiled(profile(), c);  // at the end the last words have it
  rated_ = now;
  rated_at_ = c;
}

}  // namespace training
