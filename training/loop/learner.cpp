#include "training/loop/learner.h"

#include "core/error.h"
#include "training/loop/registry.h"
#include "training/loop/updater.h"
#include "training/trace.h"

namespace training {

Batch Step::next(Source& source) {
  Batch batch = source.next();
  counters_.samples += batch.size();
  if (!registry_.sources.empty() && registry_.sources[0].source == &source) counters_.epoch = source.epoch();
  if (batch.inputs().defined()) trace("input", batch.inputs());
  return batch;
}

Updated Step::update(const std::string& name, const Terms& terms) {
  spoke_ = true;
  return updater_.update(registry_, name, terms, progress_, counters_, report_);
}

Updated Step::descend(const std::string& name, const Values& terms) {
  spoke_ = true;
  return updater_.descend(registry_, name, terms, progress_, counters_, report_);
}

void Step::updated(const std::string& name, const Values& terms) {
  spoke_ = true;
  updater_.updated(registry_, name, terms, counters_, report_);
}

void Step::collected(int64_t env_steps) {
  spoke_ = true;
  counters_.env_steps += env_steps;
}

void Step::log(const std::string& metric, double value) { report_.value(metric, value); }

void Eval::log(const std::string& metric, double value) { report_.value(metric, value); }

void Eval::spread(const std::string& metric, double deviation) {
  if (report_.spread) report_.spread(metric, deviation);
}

void Eval::grade(const std::string& quantity, double value) { log(graded(request_.split, quantity), value); }

void Eval::episode(const core::EpisodeFormat& format, core::Episode& episode) {
  if (report_.episode) report_.episode(format, episode);
}

}  // namespace training
