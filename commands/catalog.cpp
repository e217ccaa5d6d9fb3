#include "commands/catalog.h"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <thread>

#include "agents/all.h"
#include "commands/judge.h"
#include "commands/places.h"
#include "core/child.h"
#include "core/error.h"
#include "core/generations.h"
#include "core/nearest.h"
#include "core/shell.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "training/loop/checkpoint.h"

namespace commands {

static core::Table<training::Entry>& agent_table() {
  static core::Table<training::Entry> table = agents::all();
  return table;
}

// generative and supervised models share one key in the file, so they share one table here.
static core::Table<training::Entry>& model_table() {
  static core::Table<training::Entry> table = [] {
    core::Table<training::Entry> all = generative::all();
    for (const training::Entry& entry : supervised::all()) all.put(entry);
    return all;
  }();
  return table;
}

const training::Catalog& catalog() {
  static const training::Catalog catalog{agent_table(), model_table()};
  return catalog;
}

void add_agent(const training::Entry& entry) { agent_table().put(entry); }

void add_model(const training::Entry& entry) { model_table().put(entry); }

// A budget on the command line takes the place of the file's, whatever its unit.
static void replace_budget(core::Value& root, const std::string& assignment) {
  static constexpr std::array units{"steps", "epochs", "samples", "env_steps", "minutes"};
  const std::string key = assignment.substr(0, assignment.find('='));
  core::Value* train = root.find("train");
  for (const std::string unit : units)
    if (train && key == "train." + unit)
      std::erase_if(train->members, [&](const auto& member) {
        return std::find(units.begin(), units.end(), member.key) != units.end();
      });
}

static core::Value load_tree(const RunCommand& command) {
  core::Value root = core::load_yaml(experiment_file(command.file));
  core::check(!root.find("experiment") || !root.find("keys"), "{}: is a sweep; train it by: atelier sweep {}",
              command.file, core::shell_path(command.file));
  for (const auto& assignment : command.overrides) {
    replace_budget(root, assignment);
    core::apply_override(root, assignment);
  }
  if (command.threads > 0) core::apply_override(root, "train.threads=" + std::to_string(command.threads));
  if (!command.device.empty()) core::apply_override(root, "train.device=" + command.device);
  return root;
}

training::Experiment load_experiment(const RunCommand& command) {
  const std::string stem = std::filesystem::path(command.file).stem().string();
  return training::read_experiment(load_tree(command), catalog(), stem);
}

// Whether the evaluation at the end, by which a target is judged, tells it.
static bool told_at_the_end(const std::string& metric) {
  return metric.starts_with("eval/") || metric.starts_with("test/") || metric.starts_with("judge/");
}

// Every metric of a target must be one that the learner logs or that the target's judge tells.
static void check_target(const training::Session& session) {
  const training::TargetOptions& target = session.experiment.target;
  std::vector<std::string> known;
  for (const training::MetricSpec& metric : session.registry.metrics) known.push_back(metric.name);
  if (!target.judge.empty()) known.insert(known.end(), judge_metrics().begin(), judge_metrics().end());
  for (const auto& [metric, at_least, value] : target.targets()) {
    core::check(std::find(known.begin(), known.end(), metric) != known.end(),
                "target.reach: {} logs no '{}'{}", session.experiment.learner, metric,
                core::suggestion(metric, known));
    core::check(told_at_the_end(metric),
                "target.reach: expected a metric of the evaluation at the end (eval/..., test/... or "
                "judge/...), found '{}'",
                metric);
  }
}

training::Session build_session(training::Experiment experiment) {
  const training::Entry& entry = catalog().entry(experiment.kind, experiment.learner);
  training::Session session(std::move(experiment), entry);
  check_target(session);
  return session;
}

std::filesystem::path checkpoint_file(const std::filesystem::path& run_folder, const std::string& policy) {
  if (policy != "last") return run_folder / (policy + ".h5");
  const core::Checkpoint newest = core::newest_checkpoint(run_folder);
  if (!newest.remark.empty()) std::cerr << "note: " << newest.remark << '\n';
  return newest.file;
}

// What tells one run from another, whatever a resume changes: "seed", or "id" of "env".
static std::string told_by(const core::Value& config, const char* key, const char* inner) {
  const core::Value* found = config.find(key);
  if (found && found->is_map()) found = found->find(inner);
  return found ? core::to_yaml(*found) : "";
}

void require_own_checkpoint(const std::filesystem::path& file) {
  const std::filesystem::path run = file.parent_path();
  if (!std::filesystem::exists(run / "run.h5")) return;  // weights alone
  const core::Value own = core::parse_yaml(core::RunFile(run).config(), (run / "run.h5").string()),
                    held = core::parse_yaml(training::checkpoint_config(file), file.string());
  constexpr std::array<std::array<const char*, 2>, 6> keys{
      {{"name", ""}, {"seed", ""}, {"agent", "name"}, {"model", "name"}, {"env", "id"}, {"data", "name"}}};
  for (const auto& [key, inner] : keys)
    core::check(told_by(own, key, inner) == told_by(held, key, inner),
                "{}: is another run's: its '{}' is not that of run.h5 beside it", file.string(), key);
}

training::Session trained_session(const std::filesystem::path& run_folder, const std::string& policy,
                                  training::Purpose purpose) {
  const std::filesystem::path file = checkpoint_file(run_folder, policy);
  require_own_checkpoint(file);
  return training::load_trained(file, catalog(), purpose);
}

static std::string git_revision() {
  if (!std::filesystem::exists(home() / ".git")) return "";
  return core::first_line_of({"git", "-C", home().string(), "describe", "--always", "--dirty"});
}

static std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

static std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

core::Attributes facts(const training::Session& session, const std::string& command_line) {
  const training::Experiment& e = session.experiment;
  const auto& score = session.registry.score;
  core::Attributes all{{"name", e.name},
                       {"kind", e.kind},
                       {"learner", e.learner},
                       {"seed", std::to_string(e.seed)},
                       {"command", command_line},
                       {"score", score ? score->metric : ""},
                       {"score_sign", score ? (score->sign > 0 ? "+1" : "-1") : ""},
                       {"device", session.device.str()},
                       {"threads", std::to_string(e.train.threads)},
                       {"cores", std::to_string(std::thread::hardware_concurrency())},
                       {"processor", processor()},
                       {"atelier_version", ATELIER_VERSION},
                       {"libtorch_version", TORCH_VERSION},
                       {"hdf5_version", hdf5_version()},
                       {"git_revision", git_revision()}};
  for (const auto& [name, value] : session.registry.facts) all.emplace_back(name, std::to_string(value));
  return all;
}

}  // namespace commands
