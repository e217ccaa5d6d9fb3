#include "commands/performer.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include "commands/farm.h"
#include "commands/sibling.h"
#include "core/error.h"
#include "core/run_folder.h"
#include "core/run_log.h"
#include "render/files.h"

namespace commands {

namespace {

class Performer {
 public:
  Performer(const std::string& run, const std::string& policy, int64_t seed) {
    std::array<int, 2> pipe{};
    core::check(::pipe(pipe.data()) == 0, "no pipe for a program that plays");
    ::signal(SIGPIPE, SIG_IGN);  // a performer that has stopped is no reason to stop looking
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(pipe[0], STDIN_FILENO);
      ::close(pipe[0]);
      ::close(pipe[1]);
      become_forked({"atelier-torch", "play", run, "--policy", policy, "--seed", std::to_string(seed),
                     "--out", file_.string()});
    }
    ::close(pipe[0]);
    wishes_ = pipe[1];
  }
  Performer(const Performer&) = delete;
  Performer& operator=(const Performer&) = delete;
  ~Performer() {
    ::close(wishes_);  // no more lines: it ends
    if (child_ > 0) {
      ::kill(child_, SIGTERM);
      ::waitpid(child_, nullptr, 0);
    }
  }

  const std::filesystem::path& file() const { return file_; }

  void want(int64_t episodes) {
    for (; asked_ < episodes; ++asked_)
      if (::write(wishes_, "\n", 1) != 1) return;
  }

  // Until so many episodes can be read.
  void wait(int64_t episodes) {
    want(episodes);
    while (!has(episodes)) {
      int status = 0;
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        child_ = 0;
        std::filesystem::remove_all(scratch_.path());
        ::exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

 private:
  bool has(int64_t episodes) const {
    try {
      return std::filesystem::exists(file()) &&
             static_cast<int64_t>(core::EpisodeFile(file()).headers().size()) >= episodes;
    } catch (const core::Error&) {
      return false;  // it is just being written
    }
  }

  render::ScratchFolder scratch_;
  std::filesystem::path file_ = scratch_ / "episodes.h5";
  pid_t child_ = 0;
  int wishes_ = -1;
  int64_t asked_ = 0;
};

}  // namespace

render::Reel performed(const std::filesystem::path& run, const std::string& policy, int64_t seed,
                       int64_t wanted) {
  const auto performer = std::make_shared<Performer>(run.string(), policy, seed);
  performer->wait(wanted);
  render::Reel reel = render::recorded(performer->file());
  reel.training = false;
  reel.name = fmt::format("{} {}.h5", render::title_of(run), core::held_checkpoint(run, policy));
  reel.grow = [performer, look = reel.grow](int64_t more) {
    performer->want(more);
    return look(more);
  };
  return reel;
}

std::shared_ptr<const std::filesystem::path> drawn(const std::filesystem::path& run,
                                                   const std::string& policy, int64_t seed) {
  const auto scratch = std::make_shared<render::ScratchFolder>();
  const auto [output, code] = run_sibling({"sample", run.string(), "--policy", policy, "--seed",
                                           std::to_string(seed), "--album", scratch->path().string()});
  const std::string prefix = "atelier: ";
  const std::string why = output.substr(output.rfind(prefix, 0) == 0 ? prefix.size() : 0);
  core::check(code == 0, "{}", why.substr(0, why.find_last_not_of('\n') + 1));
  return {scratch, &scratch->path()};
}

}  // namespace commands
