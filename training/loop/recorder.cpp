#include "training/loop/recorder.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include "core/disk_space.h"
#include "core/error.h"

namespace training {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_seconds_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static std::string part_metric(size_t part) { return fmt::format("time/{}_s", parts[part].name); }

static std::vector<core::Metric> clock_metrics() {
  std::vector<core::Metric> metrics{
      {"time/cpu_s", "s", "CPU time of this sitting", true},
      {"time/env_steps_per_s", "1/s", "Environment transitions per second of learning", true},
      {"time/samples_per_s", "1/s", "Data rows per second of learning", true},
      {"time/steps_per_s", "1/s", "Learner steps per second of learning", true},
  };
  for (size_t k = 0; k < parts.size(); ++k)
    metrics.push_back({part_metric(k), "s", fmt::format("Of the time so far: {}", parts[k].sentence), true});
  return metrics;
}

Recorder::Recorder(core::RunLog log, std::filesystem::path folder, Draw draw, Session& session)
    : log_(std::move(log)),
      folder_(std::move(folder)),
      draw_(std::move(draw)),
      session_(&session),
      flushed_(seconds_now()) {}

Recorder Recorder::create(const std::filesystem::path& folder, Session& session,
                          const core::Attributes& facts, const std::string& config, Draw draw) {
  std::vector<core::Metric> metrics = clock_metrics();
  for (const MetricSpec& own : session.registry.metrics)
    metrics.push_back({own.name, own.unit, own.sentence});
  return {core::RunLog::create(folder, facts, config, metrics), folder, std::move(draw), session};
}

namespace {

struct Spent {
  PartSeconds seconds{};
  int64_t step = 0;  // of the newest row of any clock
};

}  // namespace

// In earlier sittings, up to the checkpoint. Of a damaged file others tell.
static Spent earlier_sittings(const std::filesystem::path& folder, int64_t step) try {
  Spent spent;
  const core::RunFile file(folder);
  const auto newest = [&](const std::string& metric) {
    const std::vector<core::Row> rows = file.rows(metric);
    const auto after =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.step > step; });
    if (after != rows.begin()) spent.step = std::max(spent.step, std::prev(after)->step);
    return after == rows.begin() ? 0 : std::prev(after)->value;
  };
  for (size_t k = 0; k < parts.size(); ++k) spent.seconds[k] = newest(part_metric(k));
  newest("time/cpu_s");
  return spent;
} catch (const core::Error&) {
  return {};
}

Recorder Recorder::reopen(const std::filesystem::path& folder, Session& session, Draw draw) {
  const int64_t step = session.counters.step;
  const Spent spent = earlier_sittings(folder, step);
  Recorder recorder(core::RunLog::reopen(folder, step, session.logged), folder, std::move(draw), session);
  recorder.spent_before_ = spent.seconds;
  recorder.profiled_step_ = spent.step;
  recorder.log_.forget("test");  // its row stands at a run's end alone
  if (std::filesystem::exists(folder / "episodes.h5")) recorder.reopen_or_begin_episodes();
  return recorder;
}

static constexpr const char* episodes_name = "episodes";

void Recorder::reopen_episodes() {
  episodes_ = core::EpisodeLog::reopen(folder_ / "episodes.h5", session_->counters.step);
  const auto known = session_->logged.find(episodes_name);
  if (known != session_->logged.end()) episodes_->keep(std::min(known->second, episodes_->count()));
}

// A disk that was full may have left a file that cannot be gone on with. The checkpoint needs none of it: the
// run goes on, and what was recorded is kept under another name.
void Recorder::reopen_or_begin_episodes() {
  const std::filesystem::path file = folder_ / "episodes.h5", aside = folder_ / "episodes.damaged.h5";
  try {
    reopen_episodes();
  } catch (const core::Error& error) {
    if (error.exit() == core::Exit::failed) throw;  // the disk, not the file
    episodes_.reset();
    std::filesystem::rename(file, aside);
    remark_ = fmt::format("{}; it is kept as {}, and episodes are recorded anew", error.what(),
                          aside.filename().string());
  }
}

std::map<std::string, int64_t> Recorder::extent() const {
  core::RunLog::Extent all = log_.extent();
  all.erase("metrics/time");
  all[episodes_name] = episodes_ ? episodes_->count() : 0;
  return all;
}

static void add(std::map<std::string, AverageMeter>& meters, const std::string& metric, double value) {
  AverageMeter& meter = meters[metric];
  meter.sum += value;
  ++meter.count;
}

Logger Recorder::learning() {
  return {[this](const std::string& metric, double value) { add(session_->meters, metric, value); }, nullptr};
}

Logger Recorder::looking() {
  looks_.clear();  // of a step that was dropped
  Logger logger = learning();
  logger.layers = [this](const std::string& update, const LookAtLayers& look) {
    if (!looks_.contains(update)) looks_.emplace(update, look());
  };
  return logger;
}

// A layer that lies on two updates' ways is told of in the first one's look.
void Recorder::write_layers(const Counters& counters) {
  std::set<std::string> told;
  for (const auto& [update, look] : looks_) {
    for (const LayerStatistics& layer : look.layers) {
      if (!told.insert(layer.layer).second) continue;
      const auto values = layer_values(layer);
      if (values.empty()) continue;
      if (!log_.has(values.front().first)) log_.declare(layer_metrics(layer.layer));
      for (const auto& [metric, value] : values) value_now(metric, value, counters);
    }
    if (draw_) draw_layers(update, look, counters);
  }
  looks_.clear();
}

void Recorder::draw_layers(const std::string& update, const LayerLook& look, const Counters& counters) {
  const std::string of = session_->registry.updates.size() > 1 ? "_" + update : "";
  for (core::Picture& picture : layer_pictures(look)) {
    picture.name += of;
    log_.picture(picture.name, core::kind_name(picture.kind), picture.sentence, counters.step,
                 draw_(picture));
  }
}

Logger Recorder::evaluation() {
  evaluation_.clear();
  episodes_before_ = episodes_ ? episodes_->count() : 0;
  return {[this](const std::string& metric, double value) { add(evaluation_, metric, value); },
          [this](const core::EpisodeFormat& format, core::Episode& e) { episode(format, e); },
          session_->experiment.record.episodes.value_or(std::numeric_limits<int64_t>::max())};
}

void Recorder::discard_evaluation() {
  evaluation_.clear();
  if (episodes_) episodes_->keep(episodes_before_);
}

void Recorder::episode(const core::EpisodeFormat& format, core::Episode& episode) {
  if (!episodes_)
    episodes_ = core::EpisodeLog::create(folder_ / "episodes.h5", format, core::h5::Writing::journaled);
  episode.header.step = session_->counters.step;
  episode.header.env_steps = session_->counters.env_steps;
  core::require_space(folder_,
                      episode.observations.size() + episode.actions.size() + 32 * episode.rewards.size());
  episodes_->append(episode);
}

void Recorder::value_now(const std::string& metric, double value, const Counters& c) {
  latest_[metric] = value;
  // A run that an older Atelier began has no column for a metric that it did not know.
  if (!log_.has(metric) && session_->registry.has_metric(metric)) return;
  log_.log(metric, {c.step, c.env_steps, c.samples, c.wall_s, value});
}

// A count is the sum, anything else the mean.
double Recorder::value_of(const std::string& metric, const AverageMeter& meter) const {
  const MetricSpec* spec = session_->registry.metric(metric);
  return spec && spec->count ? meter.sum : meter.sum / static_cast<double>(meter.count);
}

// One row a step; files of before have no place for it.
void Recorder::profiled(const PartSeconds& seconds, const Counters& counters) {
  if (counters.step <= profiled_step_ || !log_.knows(part_metric(0))) return;
  profiled_step_ = counters.step;
  for (size_t k = 0; k < parts.size(); ++k)
    value_now(part_metric(k), spent_before_[k] + seconds[k], counters);
}

void Recorder::end_of_step(const Counters& counters, bool row_is_due) {
  if (!looks_.empty()) write_layers(counters);
  if (!row_is_due) return;
  for (const auto& [metric, meter] : session_->meters) value_now(metric, value_of(metric, meter), counters);
  session_->meters.clear();
}

void Recorder::end_of_evaluation(const Counters& counters) {
  evaluation_values_.clear();
  for (const auto& [metric, meter] : evaluation_) {
    evaluation_values_[metric] = value_of(metric, meter);
    value_now(metric, evaluation_values_[metric], counters);
  }
}

void Recorder::pictures(const core::Gallery& gallery, const Counters& counters) {
  if (!draw_) return;
  for (const core::Picture& picture : gallery.pictures)
    log_.picture(picture.name, core::kind_name(picture.kind), picture.sentence, counters.step,
                 draw_(picture));
}

void Recorder::flush_if_due(double flush_s) {
  if (seconds_now() - flushed_ >= flush_s) flush();
}

void Recorder::flush() {
  core::require_space(folder_, 0);
  write();
}

void Recorder::put_back() {
  const auto tell = [&](bool gone, const char* file) {
    if (!gone) return;
    remark_ += remark_.empty() ? "" : "\nnote: ";
    remark_ += fmt::format("{}: was deleted; it is there again", (folder_ / file).string());
  };
  tell(log_.put_back(), "run.h5");
  tell(episodes_ && episodes_->put_back(), "episodes.h5");
}

void Recorder::write() {
  log_.flush();
  if (episodes_) episodes_->flush();
  put_back();
  flushed_ = seconds_now();
}

void Recorder::finish(const std::string& status, const std::string& why) {
  put_back();
  if (!why.empty()) log_.set("failure", why);
  log_.finish(status);  // the reserve is there for this
  if (episodes_) episodes_->seal();
}

}  // namespace training
