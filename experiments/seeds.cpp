#include "experiments/seeds.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <thread>

#include "core/error.h"
#include "core/run_log.h"
#include "experiments/places.h"

namespace experiments {

namespace {

volatile std::sig_atomic_t stopped_by = 0;

void on_signal(int signal) { stopped_by = signal; }

std::string sibling() { return (program_folder() / "atelier-torch").string(); }

std::vector<std::string> arguments(const RunCommand& command) {
  std::vector<std::string> words{"run", command.file};
  words.insert(words.end(), command.overrides.begin(), command.overrides.end());
  if (command.threads > 0) words.insert(words.end(), {"--threads", std::to_string(command.threads)});
  if (!command.device.empty()) words.insert(words.end(), {"--device", command.device});
  if (command.force) words.push_back("--force");
  return words;
}

[[noreturn]] void become(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  std::string program = sibling();
  argv.push_back(program.data());
  std::vector<std::string> copy = words;
  for (auto& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::setenv("OMP_WAIT_POLICY", "passive", 0);
  ::execv(program.c_str(), argv.data());
  _exit(static_cast<int>(core::Exit::missing_package));
}

// Checks the whole experiment once before anything starts; its name and first seed.
std::pair<std::string, int64_t> validated(const RunCommand& command) {
  std::array<int, 2> pipe{};
  core::check(::pipe(pipe.data()) == 0, "cannot start the validation");
  std::vector<std::string> words = arguments(command);
  words.push_back("--validate-only");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    become(words);
  }
  ::close(pipe[1]);
  std::string text;
  std::array<char, 512> buffer{};
  for (ssize_t n = 0; (n = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<size_t>(n));
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) std::exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  std::istringstream lines(text);
  std::pair<std::string, int64_t> result;
  std::getline(lines, result.first);
  lines >> result.second;
  return result;
}

struct Farm {
  RunCommand command;
  std::filesystem::path folder;
  std::map<pid_t, int64_t> running;  // pid -> seed
  int64_t done = 0, failed = 0;

  void start(int64_t seed) {
    RunCommand one = command;
    one.overrides.push_back("seed=" + std::to_string(seed));  // last: it wins over a seed that the user gave
    std::vector<std::string> words = arguments(one);
    words.insert(words.end(), {"--quiet", "--out", (folder / ("seed-" + std::to_string(seed))).string()});
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) become(words);
    core::check(child > 0, "cannot start a process for seed {}", seed);
    running[child] = seed;
  }

  // One line for a seed that has ended, with its score.
  void report(int64_t seed, int status) {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ++done;
    if (code != 0) ++failed;
    std::cout << fmt::format("seed {}: {}", seed,
                             code == 0 ? "finished" : fmt::format("ended with exit code {}", code));
    const std::filesystem::path run = folder / ("seed-" + std::to_string(seed));
    if (std::filesystem::exists(run / "run.h5")) {
      const core::RunFile file(run);
      const auto rows = file.rows(file.attribute("score"));
      if (!rows.empty())
        std::cout << fmt::format(" | {} {:.4g} | {:.0f} s", file.attribute("score"), rows.back().value,
                                 rows.back().wall_s);
    }
    std::cout << std::endl;
  }

  void wait_for_one() {
    int status = 0;
    const pid_t child = ::waitpid(-1, &status, 0);
    if (child < 0) {  // a signal: the children finish their step and stop by themselves
      for (const auto& [pid, seed] : running)
        ::kill(pid, stopped_by ? static_cast<int>(stopped_by) : SIGTERM);
      return;
    }
    report(running.at(child), status);
    running.erase(child);
  }
};

}  // namespace

int run_seeds(const RunCommand& command) {
  core::check(command.resume.empty(), "--seeds starts new runs; resume each seed by its own folder");
  const auto [name, first] = validated(command);
  const bool named = !command.out.empty();
  const std::filesystem::path folder = named ? std::filesystem::path(command.out) : fresh_time_folder(name);
  const auto cores = static_cast<size_t>(std::max(1u, std::thread::hardware_concurrency()));
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: waitpid returns
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  Farm farm{command, folder, {}};
  for (int64_t seed = first; seed < first + command.seeds || !farm.running.empty();) {
    const bool more = seed < first + command.seeds && !stopped_by;
    if (more && farm.running.size() < cores)
      farm.start(seed++);
    else if (!farm.running.empty())
      farm.wait_for_one();
    else
      break;
    if (!named && farm.done == 0) {
      std::error_code ignored;
      std::filesystem::create_directories(folder, ignored);
      point_latest(folder);
    }
  }
  std::cout << folder.string() << '\n';
  if (stopped_by) return 128 + static_cast<int>(stopped_by);
  return farm.failed > 0 ? 1 : 0;
}

}  // namespace experiments
