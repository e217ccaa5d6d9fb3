#include "commands/farm.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>
#include <thread>

#include "commands/sibling.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/run_log.h"
#include "core/terminal.h"

namespace commands {

using Clock = std::chrono::steady_clock;

static volatile std::sig_atomic_t pause_wanted = 0;

static void on_pause(int) { pause_wanted = 1; }

[[noreturn]] static void become_torch(std::vector<std::string> words) {
  words.insert(words.begin(), "atelier-torch");
  become_forked(std::move(words));
}

static int exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

namespace {

struct Running {
  const Job* job;
  int tells;  // a pipe of lines, each the share that is done
  double share = 0;
};

struct Farm {
  size_t jobs;
  bool quiet;
  size_t ended = 0;
  bool live = !quiet && core::is_live(STDERR_FILENO);
  std::map<pid_t, Running> running = {};
  int64_t failed = 0;
  int passed_on = 0;  // signals
  Clock::time_point began = Clock::now(), printed = {};

  void start(const Job& job) {
    std::fflush(stdout);
    std::array<int, 2> pipe{};
    core::check(::pipe2(pipe.data(), O_CLOEXEC) == 0, "no pipe for a run");
    ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
    sigset_t all, before;
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, &before);  // one that comes before the child is ready must not be lost
    const pid_t child = ::fork();
    if (child == 0) {
      core::unwatch_signals();
      std::signal(SIGTSTP, SIG_DFL);
      ::sigprocmask(SIG_SETMASK, &before, nullptr);
      ::setpgid(0, 0);  // a Ctrl-C reaches it through us alone, once
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      ::dup2(pipe[1], STDOUT_FILENO);
      std::vector<std::string> words = job.words;
      words.push_back("--progress");
      become_torch(std::move(words));
    }
    ::close(pipe[1]);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    core::check(child > 0, "cannot start a process for {}", job.folder.string());
    running[child] = {&job, pipe[0]};
  }

  void wait_for_one() {
    int status = 0;
    pid_t child = 0;
    while ((child = ::waitpid(-1, &status, WNOHANG)) == 0) {
      for (; passed_on < core::interruptions(); ++passed_on) tell(core::interrupted());
      if (pause_wanted) pause();
      listen();
      if (live && Clock::now() - printed > std::chrono::milliseconds(200)) show();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ended += exit_code(status) == 0 || !core::interrupted();  // one that was stopped is not done
    ::close(running.at(child).tells);
    report(*running.at(child).job, exit_code(status));
    running.erase(child);
  }

  // The newest share that each has told.
  void listen() {
    std::array<char, 512> buffer{};
    for (auto& [pid, run] : running)
      for (ssize_t n = 0; (n = ::read(run.tells, buffer.data(), buffer.size() - 1)) > 0;) {
        const std::string text(buffer.data(), static_cast<size_t>(n));
        const size_t line = text.rfind('\n', text.size() - 2);
        run.share = std::atof(text.c_str() + (line == std::string::npos ? 0 : line + 1));
      }
  }

  void show() {
    printed = Clock::now();
    double done = static_cast<double>(ended);
    std::vector<std::string> each;
    for (const auto& [pid, run] : running) {
      done += run.share;
      each.push_back(fmt::format("{} {:.0f} %", run.job->folder.filename().string(), 100 * run.share));
    }
    const double share = done / static_cast<double>(jobs);
    const double seconds = std::chrono::duration<double>(printed - began).count();
    const bool known = share > 0 && seconds >= 2 && !core::interrupted();
    std::string end = known ? "ETA " + core::clock(seconds * (1 - share) / share) : "";
    if (core::interrupted()) end = "stopping";
    const std::string first = fmt::format("{:3.0f} %  {} of {} ended", 100 * share, ended, jobs);
    std::fputs("\r\033[K", stderr);
    std::cerr << core::fitted(first, each, end, core::width_of(STDERR_FILENO)) << std::flush;
  }

  void tell(int signal) const {
    for (const auto& [pid, run] : running) ::kill(pid, signal);
  }

  // Ctrl-Z stops the runs, which are groups of their own, and then ourselves; fg and bg go on with all.
  void pause() const {
    pause_wanted = 0;
    tell(SIGSTOP);
    std::signal(SIGTSTP, SIG_DFL);
    std::raise(SIGTSTP);
    std::signal(SIGTSTP, on_pause);
    tell(SIGCONT);
  }

  // One line for a run that has ended, with its score.
  void report(const Job& job, int code) {
    if (code != 0) ++failed;
    if (quiet && (code == 0 || core::interrupted())) return;
    const bool stopped = code > 128 && core::interrupted();
    const std::string how = code == 0 ? "finished"
                            : stopped ? "interrupted"
                                      : fmt::format("ended with exit code {}", code);
    if (live) std::fputs("\r\033[K", stderr);
    std::cerr << fmt::format("{}: {}", job.folder.filename().string(), how);
    if (code == 0) {
      const core::RunFile file(job.folder);
      const std::string score = file.attribute("score");
      if (const auto rows = file.rows(score); !rows.empty())
        std::cerr << fmt::format(" | {} {:.4g} | {:.0f} s", score, rows.back().value, rows.back().wall_s);
    }
    std::cerr << std::endl;
  }
};

}  // namespace

// The line that renews itself gives way to what a signal's handler says.
static void watch_signals(bool live) {
  const core::SignalWords words{
      live ? "\r\033[Katelier: each run stops after its step; a second signal stops all at once\n"
           : "atelier: each run stops after its step; a second signal stops all at once\n",
      "atelier: stopping at once\n"};
  core::watch_signals(core::Second::is_counted, words);
}

int run_jobs(const std::vector<Job>& jobs, bool quiet) {
  Farm farm{.jobs = jobs.size(), .quiet = quiet};
  quiet ? core::watch_signals(core::Second::is_counted) : watch_signals(farm.live);
  if (std::signal(SIGTSTP, on_pause) == SIG_IGN) std::signal(SIGTSTP, SIG_IGN);  // no shell that stops jobs
  const auto cores = static_cast<size_t>(std::max(1u, std::thread::hardware_concurrency()));
  for (auto next = jobs.begin(); (next != jobs.end() && !core::interrupted()) || !farm.running.empty();) {
    if (next != jobs.end() && !core::interrupted() && farm.running.size() < cores)
      farm.start(*next++);
    else
      farm.wait_for_one();
  }
  if (core::interrupted()) return 128 + core::interrupted();
  return farm.failed > 0 ? 1 : 0;
}

static ProcessOutput hear(const std::vector<std::string>& words, bool errors) {
  std::array<int, 2> pipe{};
  core::check(::pipe(pipe.data()) == 0, "cannot start the sibling program");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    if (errors) ::dup2(pipe[1], STDERR_FILENO);
    ::close(pipe[0]);
    become_torch(words);
  }
  ::close(pipe[1]);
  std::string text;
  std::array<char, 512> buffer{};
  for (ssize_t n = 0; (n = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<size_t>(n));
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {text, exit_code(status)};
}

ProcessOutput run_sibling(const std::vector<std::string>& words) { return hear(words, true); }

std::string output_of_sibling(const std::vector<std::string>& words) {
  const ProcessOutput result = hear(words, false);
  if (result.code != 0) std::exit(result.code);
  return result.output;
}

}  // namespace commands
