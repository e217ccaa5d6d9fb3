#include "experiments/watch.h"

#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/run_folder.h"
#include "envs/all.h"
#include "experiments/places.h"
#include "render/watch.h"

namespace experiments {

static render::WatchOptions options_of(const WatchCommand& c) {
  render::WatchOptions options;
  options.seed = static_cast<uint64_t>(c.seed);
  options.frames = c.frames, options.record = c.record, options.svg = c.svg;
  options.step = c.step;
  options.width = static_cast<int>(c.width), options.height = static_cast<int>(c.height);
  options.screenshot = c.screenshot;
  options.seconds = c.seconds;
  if (c.episode >= 0) options.episode = c.episode;
  return options;
}

// A file in the temporary folder that goes away with its owner.
struct Scratch {
  std::filesystem::path file = std::filesystem::temp_directory_path() /
                               fmt::format("atelier-play-{}.h5", static_cast<int64_t>(::getpid()));
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
};

// Lets the trained policy play fresh episodes in the sibling program.
static void play(const WatchCommand& c, const std::filesystem::path& out) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<std::string> words{
        "atelier-torch",        "play",  c.what,      "--policy", c.policy, "--episodes", "4", "--seed",
        std::to_string(c.seed), "--out", out.string()};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv((program_folder() / "atelier-torch").c_str(), argv.data());
    _exit(static_cast<int>(core::Exit::missing_package));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ::exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int watch(const WatchCommand& c) {
  render::WatchOptions options = options_of(c);
  const bool environment = envs::all().find(c.what) != nullptr;
  core::check(environment || std::filesystem::exists(c.what), "{}: neither a run folder nor an environment{}",
              c.what, core::suggestion(c.what, envs::all().names()));
  if (!options.headless()) render::require_display();
  if (environment) {
    const bool trained = c.policy == "best" || c.policy == "last";
    core::check(!trained, "watch {}: --policy {} needs a run folder", c.what, c.policy);
    options.env = c.what;
    options.policy = c.policy.empty() ? "random" : c.policy;
    return render::watch(options);
  }
  const Scratch scratch;
  if (c.what.ends_with(".h5")) {
    options.episodes_file = c.what;
  } else if (c.policy == "best" || c.policy == "last") {
    play(c, scratch.file);
    options.episodes_file = scratch.file;
  } else {
    core::check(c.policy.empty(), "watch RUN_DIR: expected --policy best or last, found '{}'", c.policy);
    options.episodes_file = core::find_runs(c.what)[0] / "episodes.h5";
    core::check(std::filesystem::exists(options.episodes_file),
                "{}: holds no recorded episodes (yet); --policy best plays fresh ones", c.what);
  }
  return render::watch(options);
}

}  // namespace experiments
