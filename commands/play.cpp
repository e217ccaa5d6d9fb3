#include "commands/play.h"

#include <iostream>

#include "commands/catalog.h"
#include "core/episodes.h"
#include "core/error.h"
#include "core/run_folder.h"
#include "core/shell.h"

namespace commands {

namespace {

// The newest weights of a run that may still be training.
class Newest {
 public:
  Newest(std::filesystem::path run, std::string policy) : run_(std::move(run)), policy_(std::move(policy)) {}

  training::Session& session() {
    std::error_code replaced;  // just now, for a moment
    const std::string policy = core::held_checkpoint(run_, policy_);
    const auto written = std::filesystem::last_write_time(run_ / (policy + ".h5"), replaced);
    if (!session_ || (!replaced && written != written_)) {
      session_.reset(new training::Session(trained_session(run_, policy)));
      written_ = written;
    }
    return *session_;
  }

 private:
  std::filesystem::path run_;
  std::string policy_;
  std::filesystem::file_time_type written_{};
  std::unique_ptr<training::Session> session_;
};

}  // namespace

int play(const PlayCommand& command) {
  Newest newest(core::find_run(command.run), command.policy);
  core::check(newest.session().experiment.kind == "agent",
              "{}: is a model, not an agent; see: atelier sample {}", command.run,
              core::shell_path(command.run));
  std::optional<core::EpisodeLog> log;
  auto seed = static_cast<uint64_t>(command.seed);
  for (std::string line; std::getline(std::cin, line); ++seed) {
    training::Session& session = newest.session();
    const training::Logger logger{[](const std::string&, double) {},
                                  [&](const core::EpisodeFormat& format, core::Episode& episode) {
                                    if (!log) log = core::EpisodeLog::create(command.out, format);
                                    episode.header.step = session.counters.step;
                                    episode.header.env_steps = session.counters.env_steps;
                                    log->append(episode);
                                  }};
    session.evaluate({.seed = seed, .episodes = 1, .greedy = true, .sampled = false, .hidden = true}, logger);
    log->flush();
  }
  return 0;
}

}  // namespace commands
