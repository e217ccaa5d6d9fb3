#include "commands/tables.h"

#include <nlohmann/json.hpp>

#include "commands/catalog.h"
#include "core/error.h"
#include "core/whole_file.h"
#include "envs/all.h"
#include "training/data/all.h"

namespace commands {

using nlohmann::json;

static json describe_env(const envs::Entry& entry) {
  envs::Options options;
  core::Chosen chosen = options.chosen();
  chosen.choose(entry.name, "");
  core::Fields fields;
  chosen.fields(fields);
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

// Built from its trial, so that the metrics are those that build() registers.
static json describe_learner(const training::Entry& entry, const std::string& kind) {
  training::Experiment trial =
      training::read_experiment(core::parse_yaml(entry.trial, entry.name), catalog(), entry.name);
  const training::Factory factory = entry.factory();  // owns what the fields point at
  core::Fields fields;
  factory.fields(fields);
  json row{{"name", entry.name},
           {"sentence", entry.sentence},
           {"source", entry.source},
           {"kind", kind},
           {"updates", entry.updates},
           {"trial", entry.trial},
           {"options", core::describe_fields(fields)}};
  const training::Session session = build_session(std::move(trial));
  for (const training::MetricSpec& metric : session.registry.metrics)
    row["metrics"].push_back({{"name", metric.name},
                              {"unit", metric.unit},
                              {"sentence", metric.sentence},
                              {"better", name_of(metric.direction)}});
  return row;
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
  const core::Chosen chosen = options.chosen();
  chosen.choose(entry.name, "");
  core::Fields fields;
  chosen.fields(fields);
  return {{"name", entry.name},
          {"sentence", entry.sentence},
          {"source", entry.source},
          {"options", core::describe_fields(fields, "data")}};
}

void write_tables(const std::filesystem::path& file) {
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
  core::write_whole(file, tables.dump(1) + '\n');
}

}  // namespace commands
