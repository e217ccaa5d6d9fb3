#include "commands/export.h"

#include <cstdlib>
#include <iostream>
#include <regex>

#include "analysis/export.h"
#include "commands/gymnasium.h"
#include "commands/gymnasium_spec.h"
#include "commands/places.h"
#include "core/error.h"
#include "core/formats/d4rl.h"
#include "core/formats/minari.h"
#include "core/hdf5.h"
#include "core/run_log.h"
#include "core/whole_file.h"
#include "envs/dataset_layout.h"
#include "render/player.h"

namespace commands {

namespace {

namespace fs = std::filesystem;
namespace formats = core::formats;

using Folders = std::vector<fs::path>;

// What is handed on is what stood there when the run ended.
void require_contents(const fs::path& folder) {
  for (const char* name : {"run.h5", "episodes.h5"})
    if (fs::exists(folder / name)) core::h5::File::open_live(folder / name).check_contents();
}

std::vector<core::EpisodeFile> open_episodes(const ExportCommand& command, const Folders& folders) {
  core::check(command.metrics.empty(), "--metric: {} takes episodes, which have no metrics", command.format);
  std::vector<core::EpisodeFile> files;
  for (const fs::path& folder : folders) {
    const core::RunFile whole(folder);  // a run that cannot be read says so itself
    require_contents(folder);
    core::check(fs::exists(folder / "episodes.h5"), "{}: holds no recorded episodes (yet)", folder.string());
    files.emplace_back(folder / "episodes.h5");
    core::check(!files.back().headers().empty(), "{}: holds no episode yet", folder.string());
    const bool same = files.back().format().env_options == files.front().format().env_options;
    core::check(same, "{}: its environment is not that of {}; a dataset is of one environment",
                folder.string(), command.runs.front());
  }
  return files;
}

int64_t add_all(const std::vector<core::EpisodeFile>& files, auto& writer) {
  int64_t steps = 0;
  for (const core::EpisodeFile& file : files)
    for (size_t k = 0; k < file.headers().size(); ++k) {
      writer.add(file.read(k));
      steps += file.headers()[k].length;
    }
  return steps;
}

void say(const ExportCommand& command, const std::vector<core::EpisodeFile>& files, int64_t steps) {
  size_t episodes = 0;
  for (const core::EpisodeFile& file : files) episodes += file.headers().size();
  std::cout << fmt::format("{}: {} episodes, {} steps of {}\n", command.out, episodes, steps,
                           files.front().format().env_id);
}

// Minari's id of a dataset is its path below Minari's own folder; elsewhere the folder's name.
std::string dataset_id(const fs::path& folder) {
  const char* set = std::getenv("MINARI_DATASETS_PATH");
  const char* user = std::getenv("HOME");
  const fs::path root = set && *set ? fs::path(set) : fs::path(user ? user : "") / ".minari/datasets";
  const fs::path below = fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(root));
  const bool inside = !below.empty() && *below.begin() != "..";
  const std::string id = inside ? below.string() : fs::weakly_canonical(folder).filename().string();
  static const std::regex pattern(R"(([\w-]+/)*[\w-]+-v[0-9]+)");
  core::check(std::regex_match(id, pattern), "--out {}: Minari's datasets are called NAME-v0, found '{}'",
              folder.string(), id);
  return id;
}

int export_minari(const ExportCommand& command) {
  const Folders folders = readable_runs(command.runs, {"episodes.h5"});
  const std::vector<core::EpisodeFile> files = open_episodes(command, folders);
  const core::EpisodeFormat& format = files.front().format();
  const envs::Options options = render::env_options(format);
  const envs::Spec spec = render::make_env(format)->spec();
  const std::string learner = core::RunFile(folders.front()).attribute("learner");
  const formats::MinariMetadata facts{
      .dataset_id = dataset_id(command.out),
      .observation_space = space_json(envs::gymnasium_observation(spec)),
      .action_space = space_json(spec.action),
      .env_spec = env_spec_json(options),
      .algorithm = learner,
      .description =
          fmt::format("Evaluation episodes of {} on {}, recorded by Atelier", learner, format.env_id)};
  formats::MinariWriter writer(command.out, format,
                               envs::layout_of(envs::gymnasium_observation(spec), spec.action));
  const int64_t steps = add_all(files, writer);
  writer.finish(facts);
  say(command, files, steps);
  return 0;
}

int export_d4rl(const ExportCommand& command) {
  const auto files = open_episodes(command, readable_runs(command.runs, {"episodes.h5"}));
  core::WholeFile whole(command.out);
  int64_t steps = 0;
  {
    formats::D4rlWriter writer(whole.draft(), files.front().format());
    steps = add_all(files, writer);
    writer.finish();
  }
  whole.keep();
  say(command, files, steps);
  return 0;
}

}  // namespace

int export_runs(const ExportCommand& command) {
  if (command.format == "minari") return export_minari(command);
  if (command.format == "d4rl") return export_d4rl(command);
  const analysis::MetricsExport wanted{readable_runs(command.runs, {}), command.metrics, command.out};
  for (const fs::path& folder : wanted.folders) require_contents(folder);
  command.format == "csv" ? analysis::export_csv(wanted) : analysis::export_tensorboard(wanted);
  return 0;
}

}  // namespace commands
