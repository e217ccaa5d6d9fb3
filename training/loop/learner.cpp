#include "training/loop/learner.h"

#include "core/error.h"
#include "core/interrupt.h"
#include "training/loop/registry.h"
#include "training/loop/updater.h"
#include "training/profile.h"
#include "training/trace.h"

namespace training {

Batch Step::next(Source& source) {
  core::heed_late_signals();
  const Timed timed(Part::data);
  Batch batch = source.next();
  counters_.samples += batch.size();
  if (!registry_.sources.empty() && registry_.sources[0].source == &source) counters_.epoch = source.epoch();
  if (batch.inputs().defined()) trace("input", batch.inputs());
  return batch;
}

Updated Step::update(const std::string& name, const Terms& terms) {
  core::heed_late_signals();
  reported_ = true;
  return updater_.update(registry_, name, terms, progress_, counters_, logger_);
}

Updated Step::apply_gradients(const std::string& name, const ScalarTerms& terms) {
  core::heed_late_signals();
  reported_ = true;
  return updater_.apply_gradients(registry_, name, terms, progress_, counters_, logger_);
}

void Step::updated(const std::string& name, const ScalarTerms& terms) {
  core::heed_late_signals();
  reported_ = true;
  updater_.updated(registry_, name, terms, counters_, logger_);
}

void Step::collected(int64_t env_steps) {
  core::check(registry_.collects, "transitions were gathered, but Build::collects() was not called");
  reported_ = true;
  counters_.env_steps += env_steps;
}

void Step::log(const std::string& metric, double value) { logger_.value(metric, value); }

void Eval::log(const std::string& metric, double value) { logger_.value(metric, value); }

void Eval::log_deviation(const std::string& metric, double deviation) {
  if (logger_.deviation) logger_.deviation(metric, deviation);
}

void Eval::log_split(const std::string& spec, double value) {
  log(split_metric_name(request_.split, spec), value);
}

void Eval::episode(const core::EpisodeFormat& format, core::Episode& episode) {
  if (logger_.episode) logger_.episode(format, episode);
}

}  // namespace training
