#include "commands/tables.h"

#include <nlohmann/json.hpp>
#include <set>

#include "commands/catalog.h"
#include "core/error.h"
#include "core/whole_file.h"
#include "envs/all.h"
#include "training/data/all.h"

namespace commands {

using nlohmann::json;

static json describe_env(const envs::Entry& entry) {
  envs::Options options;
  core::TaggedSection section = options.tagged();
  section.choose(entry.name, "");
  core::Fields fields;
  section.fields(fields);
  const envs::Spec spec = options.make(1)->spec();
  json row{{"name", entry.name},
           {"sentence", entry.sentence},
           {"source", entry.source},
           {"observation", spec.observation.str()},
           {"action", spec.action.str()},
           {"max_episode_steps", spec.max_episode_steps},
           {"options", core::describe_fields(fields, "env")}};
  row["reward_threshold"] = spec.reward_threshold ? json(*spec.reward_threshold) : json();
  return row;
}

static const char* name_of(training::Direction direction) {
  if (direction == training::Direction::none) return "";
  return direction == training::Direction::maximize ? "more" : "less";
}

static training::Experiment read_trial(const training::Entry& entry,
                                       const std::vector<std::string>& overrides) {
  core::Value trial = core::parse_yaml(entry.trial, entry.name);
  for (const std::string& override : overrides) core::apply_override(trial, override);
  return training::read_experiment(trial, catalog(), entry.name);
}

// Built from its trial, so that the metrics are those that build() registers: each once.
static json describe_metrics(const training::Entry& entry) {
  std::vector<std::vector<std::string>> trials{{}};
  if (!entry.other_trial.empty()) trials.push_back(entry.other_trial);
  std::set<std::string> names;
  json rows = json::array();
  for (const auto& overrides : trials) {
    const training::Session session = build_session(read_trial(entry, overrides));
    for (const training::MetricSpec& metric : session.registry.metrics)
      if (names.insert(metric.name).second)
        rows.push_back({{"name", metric.name},
                        {"unit", metric.unit},
                        {"sentence", metric.sentence},
                        {"better", name_of(metric.direction)}});
  }
  return rows;
}

static json describe_learner(const training::Entry& entry, const std::string& kind) {
  const training::Factory factory = entry.factory();  // owns what the fields point at
  core::Fields fields;
  factory.fields(fields);
  return {{"name", entry.name},
          {"sentence", entry.sentence},
          {"source", entry.source},
          {"kind", kind},
          {"updates", entry.updates},
          {"trial", entry.trial},
          {"options", core::describe_fields(fields)},
          {"metrics", describe_metrics(entry)}};
}

static json describe_wrapper(const envs::WrapperEntry& entry) {
  const envs::WrapperEntry::Factory factory = entry.factory();  // owns what the fields point at
  core::Fields fields;
  factory.fields(fields);
  return {{"name", entry.name},
          {"sentence", entry.sentence},
          {"source", entry.source},
          {"options", core::describe_fields(fields, "env.wrappers")}};
}

static json describe_data(const training::data::Entry& entry) {
  training::data::Options options;
  const core::TaggedSection section = options.tagged();
  section.choose(entry.name, "");
  core::Fields fields;
  section.fields(fields);
  return {{"name", entry.name},
          {"sentence", entry.sentence},
          {"source", entry.source},
          {"options", core::describe_fields(fields, "data")}};
}

json described_tables() {
  json tables{{"envs", json::array()},
              {"wrappers", json::array()},
              {"agents", json::array()},
              {"models", json::array()},
              {"data", json::array()}};
  for (const auto& entry : envs::all()) tables["envs"].push_back(describe_env(entry));
  for (const auto& entry : envs::wrappers()) tables["wrappers"].push_back(describe_wrapper(entry));
  for (const auto& entry : catalog().agents) tables["agents"].push_back(describe_learner(entry, "agent"));
  for (const auto& entry : catalog().models) tables["models"].push_back(describe_learner(entry, "model"));
  for (const auto& entry : training::data::all()) tables["data"].push_back(describe_data(entry));
  training::Experiment generic;
  generic.kind = "agent";
  core::Fields fields;
  generic.fields(fields);
  tables["experiment"] = core::describe_fields(fields);
  return tables;
}

void write_tables(const std::filesystem::path& file) {
  core::write_whole(file, described_tables().dump(1) + '\n');
}

}  // namespace commands
