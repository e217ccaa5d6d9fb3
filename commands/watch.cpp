#include "commands/watch.h"

#include <iostream>

#include "analysis/runs.h"
#include "commands/env_options.h"
#include "commands/performer.h"
#include "core/error.h"
#include "core/path.h"
#include "core/run_folder.h"
#include "core/run_log.h"
#include "core/shown.h"
#include "render/viewer/watch.h"

namespace commands {

static bool is_environment(const std::string& what) { return envs::all().find(what) != nullptr; }

static render::Source environment(const WatchCommand& c, const std::string& id,
                                  const std::vector<std::string>& overrides) {
  core::check(c.policy != "best" && c.policy != "last", "watch {}: --policy {} needs a run folder", id,
              c.policy);
  return {.env = env_options(id, overrides).yaml(), .policy = c.policy.empty() ? "random" : c.policy};
}

// The environment that a run learns in, as its config says.
static std::string env_of(const std::filesystem::path& run) {
  const core::Value config = core::parse_yaml(core::RunFile(run).config(), "config");
  const core::Value* env = config.find("env");
  core::check(env != nullptr, "{}: is a model, which has no environment to play in", run.string());
  return core::to_yaml(*env);
}

static bool headless(const WatchCommand& c) {
  return !c.frames.empty() || !c.record.empty() || !c.svg.empty();
}

// What a checkpoint of the run does now, whatever was recorded of it.
static render::Source afresh(const WatchCommand& c, const std::filesystem::path& folder) {
  const std::string held = core::held_checkpoint(folder, c.policy);
  if (const std::string words = core::instead_of(folder, c.policy, held); !words.empty())
    std::cerr << words << '\n';
  if (core::RunFile(folder).attribute("kind") == "model")
    return {.run = folder, .pictures = drawn(folder, held, c.seed)};
  return {.reel = [=](int64_t wanted) { return performed(folder, held, c.seed, wanted); }, .run = folder};
}

// Whether there is nothing recorded and nothing to wait for.
static bool is_bare(const WatchCommand& c, const std::filesystem::path& folder) {
  return !render::holds_something(folder) && (headless(c) || analysis::load_run(folder).state != "running");
}

static render::Source run(const WatchCommand& c, const std::string& what) {
  const bool apart = core::ending(what) == ".h5" && !std::filesystem::is_directory(what) &&
                     !std::filesystem::exists(std::filesystem::path(what).parent_path() / "run.h5");
  if (apart || what.ends_with("episodes.h5")) {
    core::check(c.policy.empty(), "watch {}: --policy {} needs a run folder or an environment", what,
                c.policy);
    return {.episodes_file = what};
  }
  const std::filesystem::path folder = core::find_run(what);
  if (const std::string words = core::choice_of_run(what, folder); !words.empty())
    std::cerr << core::shown(words) << '\n';
  const bool trained = c.policy == "best" || c.policy == "last";
  if (trained || (c.policy.empty() && is_bare(c, folder))) return afresh(c, folder);
  if (!c.policy.empty()) return {.env = env_of(folder), .policy = c.policy};
  return {.run = folder};
}

// What one side shows, and the env.key=value words after it.
struct Side {
  std::string what;
  std::vector<std::string> overrides = {};
};

static std::vector<Side> sides(const std::vector<std::string>& words) {
  std::vector<Side> all;
  for (const std::string& word : words) {
    if (is_override(word)) {
      core::check(!all.empty(), "watch: {}: of which environment? its id comes first", word);
      all.back().overrides.push_back(word);
    } else {
      all.push_back({word});
    }
  }
  core::check(all.size() <= 2, "watch: expected one or two to show, found {}", all.size());
  return all;
}

static render::Source source(const WatchCommand& c, const Side& side) {
  if (is_environment(side.what)) return environment(c, side.what, side.overrides);
  core::check(std::filesystem::exists(side.what), "{}: neither a run folder nor an environment{}", side.what,
              core::suggestion(side.what, envs::all().names()));
  core::check(side.overrides.empty(), "{}: {} cannot be changed, it has been recorded", side.what,
              fmt::join(side.overrides, ", "));
  return run(c, side.what);
}

static render::WatchOptions options_of(const WatchCommand& c) {
  core::check_ending(c.svg, "--svg", ".svg");
  core::check_ending(c.screenshot, "--screenshot", ".png");
  render::WatchOptions options;
  for (const Side& side : sides(c.what)) options.sources.push_back(source(c, side));
  core::check(c.policy != "human" || options.sources.size() == 1, "--policy human plays one environment");
  options.seed = static_cast<uint64_t>(c.seed);
  options.tile = c.tile;
  options.overlays = c.overlays;
  options.speed = c.speed;
  if (!c.metric.empty()) options.metric = c.metric;
  core::check(!c.overlays || options.sources.size() == 1,
              "--overlays: shows what one policy thinks; watch them apart");
  options.picture = c.picture;
  options.max_steps = c.max_steps;
  options.frames = c.frames;
  options.record = c.record;
  options.svg = c.svg;
  options.step = c.step;
  options.width = static_cast<int>(c.width);
  options.height = static_cast<int>(c.height);
  options.screenshot = c.screenshot;
  options.keys = c.keys;
  options.seconds = c.seconds;
  if (c.episode >= 0) options.episode = c.episode;
  if (!options.headless()) options.overlays = true;  // a window has room to think aloud
  return options;
}

int watch(const WatchCommand& c) {
  const render::WatchOptions options = options_of(c);
  if (!options.headless()) render::require_display();
  return render::watch(options);
}

}  // namespace commands
