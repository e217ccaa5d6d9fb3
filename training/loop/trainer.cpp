#include "training/loop/trainer.h"

#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "training/loop/checkpoint.h"
#include "training/loop/failure.h"

namespace training {

static constexpr double default_share = 0.1;  // of the budget: ten evaluations, checkpoints, pictures a run

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
}

void Trainer::save() {
  recorder_.flush();  // first: a resume expects every row up to the checkpoint's step
  session_.logged = recorder_.extent();
  save_checkpoint(session_, config_, folder_ / "last.h5");
  saved_step_ = session_.counters.step;
}

Trainer::Outcome Trainer::run() {
  try {
    return loop();
  } catch (const core::Error& error) {
    fail(error.what());
    throw core::Error(
        fmt::format("{}\nThe last good checkpoint is kept; go on from it with the line below (--anomaly "
                    "names the operator that makes a NaN):\n  atelier run --resume {} --anomaly",
                    error.what(), folder_.string()),
        core::Exit::failed);
  } catch (const std::exception& error) {  // LibTorch's own, such as anomaly mode's
    const std::string first_line = sentence(error);
    fail(first_line);
    throw core::Error(fmt::format("step {}: {}", session_.counters.step, first_line), core::Exit::failed);
  }
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
  if (session_.counters.step == 0) save();  // a run that fails at once can be replayed, too
  const auto goes_on = [&] {
    outcome.stopped_early = early_stop_is_due();
    return session_.progress() < 1 && !outcome.stopped_early && (outcome.signal = core::interrupted()) == 0;
  };
  until_signal(outcome, [&] {
    look();  // at what a signal cut short in the sitting before
    while (goes_on()) step();
    log_rates();
    if (outcome.signal == 0) conclude();
  });
  if (saved_step_ != session_.counters.step) save();
  if (outcome.signal == 0)  // after the last save: no checkpoint knows of it
    until_signal(outcome, [this] { test(); });
  console_.done(session_.counters, recorder_.latest());
  recorder_.log().set("stopped_early", outcome.stopped_early ? "true" : "false");
  recorder_.finish(outcome.signal ? "interrupted" : "finished");
  return outcome;
}

void Trainer::conclude() {
  write_last_row();
  if (session_.keeper.evaluated_step != session_.counters.step) {
    evaluate();
    saved_step_ = -1;  // last.h5 must know the best so far: a longer budget may go on from here
  }
  if (session_.keeper.sampled_step != session_.counters.step) record();
}

void Trainer::test() {
  if (!session_.registry.has_test()) return;
  if (session_.keeper.any) load_weights(session_, folder_ / "best.h5");
  judge({.seed = session_.test_seed(), .split = Split::test}, recorder_.evaluation());
  recorder_.end_of_evaluation(session_.counters);
}

// What was logged since the last row that was due; a run that was interrupted goes on with it instead.
void Trainer::write_last_row() {
  if (session_.tallies.empty()) return;
  recorder_.end_of_step(session_.counters, true);
  saved_step_ = -1;  // in last.h5 it may still be waiting
}

void Trainer::step() {
  const Counters before = session_.counters;
  session_.step(recorder_.learning());
  Counters& now = session_.counters;
  now.wall_s = wall_offset_ + seconds_now() - started_;
  recorder_.end_of_step(now, passed(log_every_, before, now));
  const double learned = seconds_now();
  session_.keeper.owes_evaluation = passed(eval_every_, before, now);
  session_.keeper.owes_pictures = passed(record_every_, before, now);
  look();
  if (passed(checkpoint_every_, before, now)) save();
  rated_ += seconds_now() - learned;  // rates are of learning alone
  if (seconds_now() - rated_ > 1) log_rates();
  recorder_.flush_if_due(session_.experiment.log.flush_s);
  console_.tick(now, recorder_.latest());
}

// What is due. A signal cuts it short, and the checkpoint remembers that it is.
void Trainer::look() {
  if (session_.keeper.owes_evaluation) evaluate();
  if (session_.keeper.owes_pictures) record();
}

// Whole or not at all.
void Trainer::judge(const Eval::Request& request, const Report& report) {
  try {
    session_.evaluate(request, report);
  } catch (const core::Interrupted&) {
    recorder_.forget_evaluation();
    throw;
  }
}

void Trainer::evaluate() {
  const Eval::Request request{session_.evaluation_seed(), session_.experiment.eval.episodes, true, true};
  Report report = recorder_.evaluation();
  if (records_apart()) report.episode = nullptr;
  judge(request, report);
  ++session_.keeper.evaluations;
  session_.keeper.owes_evaluation = false;
  recorder_.end_of_evaluation(session_.counters);
  session_.keeper.evaluated_step = session_.counters.step;
  watch();
  keep_best();
}

// The value of `metric` in this evaluation, and in no other.
double Trainer::judged(const std::string& metric) const {
  const auto found = recorder_.judged().find(metric);
  core::check(found != recorder_.judged().end(), "evaluations of '{}' log no '{}'",
              session_.experiment.learner, metric);
  return found->second;
}

void Trainer::keep_best() {
  Keeper& keeper = session_.keeper;
  const auto& score = session_.registry.score;
  if (!score) return;
  const double value = judged(score->metric);
  if (!std::isfinite(value)) return;  // no score: nothing could ever beat a NaN
  // Of equals the later one is kept: it has learned from more.
  if (keeper.any && score->sign * (value - keeper.best) < 0) return;
  keeper.any = true;
  keeper.best = value;
  save_weights(session_, config_, folder_ / "best.h5");
}

// Counts the evaluations without improvement of what an early stop watches.
void Trainer::watch() {
  const EarlyStopOptions& early = session_.experiment.train.early_stop;
  const auto& score = session_.registry.score;
  const std::string metric = early.metric.empty() && score ? score->metric : early.metric;
  if (metric.empty()) return;
  Keeper& keeper = session_.keeper;
  const double value = judged(metric);
  const double gain = session_.registry.metric(metric)->better == Better::more ? value - keeper.watched
                                                                               : keeper.watched - value;
  const bool improved = std::isnan(keeper.watched) ? !std::isnan(value) : gain > early.min_delta;
  keeper.waited = improved ? 0 : keeper.waited + 1;
  if (improved) keeper.watched = value;
}

bool Trainer::early_stop_is_due() const {
  const int64_t patience = session_.experiment.train.early_stop.patience;
  return patience > 0 && session_.keeper.waited >= patience;
}

// Agents whose episodes are recorded at times of their own, not at each evaluation.
bool Trainer::records_apart() const {
  return session_.experiment.kind == "agent" && session_.experiment.record.every.amount > 0;
}

void Trainer::record() {
  records_apart() ? play() : sample();
  session_.keeper.sampled_step = session_.counters.step;
  session_.keeper.owes_pictures = false;
}

// Episodes that are recorded, and not counted.
void Trainer::play() {
  const int64_t episodes = session_.experiment.record.episodes.value_or(1);
  Report silent = recorder_.evaluation();
  silent.value = [](const std::string&, double) {};
  if (episodes > 0) judge({session_.evaluation_seed(), episodes, true, false}, silent);
}

void Trainer::sample() {
  const auto seed = static_cast<uint64_t>(session_.experiment.seed);
  recorder_.pictures(session_.sample(session_.experiment.record.n, seed), session_.counters);
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
  rated_ = now;
  rated_at_ = c;
}

}  // namespace training
