#include "commands/run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/diagnosis/diagnosis.h"
#include "commands/catalog.h"
#include "commands/places.h"
#include "commands/sibling.h"
#include "core/error.h"
#include "core/generations.h"
#include "core/interrupt.h"
#include "core/run_folder.h"
#include "core/shell.h"
#include "core/terminal.h"
#include "render/draw.h"
#include "training/loop/checkpoint.h"
#include "training/loop/trainer.h"
#include "training/loop/transfer.h"

namespace commands {

// Of the test there is a value on the last line.
static std::vector<std::string> shown_metrics(const training::Session& session) {
  const training::Registry& registry = session.registry;
  std::vector<std::string> shown;
  for (const char* wanted : {"train/return", "train/loss", "train/policy_loss"})
    if (shown.empty() && registry.has_metric(wanted)) shown.push_back(wanted);
  const auto show = [&](const std::string& metric) {
    const bool fresh = std::find(shown.begin(), shown.end(), metric) == shown.end();
    if (fresh && registry.has_metric(metric)) shown.push_back(metric);
  };
  const std::string score = registry.score ? registry.score->metric : "";
  show(score);
  if (score.rfind("valid/", 0) == 0) show("test" + score.substr(score.find('/')));
  for (const training::Target& target : session.experiment.target.targets()) show(target.metric);
  return shown;
}

static std::string verdict(const training::Target& target, const double* found, bool by_best) {
  if (!found) return "see atelier results";
  if (target.reached(*found)) return "reached";
  // beside a best value that is good enough the last one is told, by which it is judged
  return by_best ? "not reached" : fmt::format("not reached, {:.4g} in the end", *found);
}

// The best value, and of each target whether it is reached, by the checkpoint that counts.
static std::vector<std::string> reached(const training::Session& session,
                                        const std::map<std::string, double>& latest) {
  const auto& score = session.registry.score;
  const training::TargetOptions& target = session.experiment.target;
  if (!score || !session.trainer_state.has_best) return {"not evaluated yet: there is no best.h5"};
  std::vector<std::string> parts{fmt::format("best {} {:.4g}", score->metric, session.trainer_state.best)};
  for (const training::Target& one : target.targets()) {
    const auto found = latest.find(one.metric);
    const bool by_best = one.metric == score->metric && target.checkpoint == "best";
    const double* last = found == latest.end() ? nullptr : &found->second;
    parts.push_back(fmt::format("target {}: {}", one.str(),
                                verdict(one, by_best ? &session.trainer_state.best : last, by_best)));
  }
  return parts;
}

static training::ConsoleMode console_mode(const RunCommand& command) {
  if (command.progress) return training::ConsoleMode::fraction;
  return command.quiet ? training::ConsoleMode::silent : training::ConsoleMode::line;
}

// What ended it, and how to go on.
static void say_last_words(training::Console& console, const training::Trainer::Outcome& outcome,
                           const training::Session& session, const std::filesystem::path& folder) {
  const std::string path = core::shell_path(folder);
  if (outcome.step_dropped)
    console.say(fmt::format("step {} was under way and is dropped: the run goes on after step {}",
                            session.counters.step + 1, session.counters.step));
  if (outcome.signal == 0)
    console.say({"next:", core::program_name() + " watch " + path}, " ");
  else
    console.say({"interrupted; go on with:", core::program_name() + " run --resume " + path}, " ");
}

// What the curves show. A run whose file somebody has just taken away is finished all the same.
static void say_diagnosis(training::Console& console, const std::filesystem::path& folder) {
  try {
    for (const std::string& line : analysis::diagnosis::diagnose(folder)) console.say("diagnosis: " + line);
  } catch (const core::Error& error) {
    console.say(fmt::format("note: no diagnosis: {}", error.what()));
  }
}

static int train(training::Session& session, training::Recorder& recorder,
                 const std::filesystem::path& folder, const std::string& config, training::ConsoleMode mode) {
  training::Console console(mode, session.budget, shown_metrics(session));
  for (const std::string& note : session.registry.notes) console.say(note);
  training::Trainer trainer(session, recorder, console, folder, config);
  const auto outcome = trainer.run();
  if (outcome.stopped_early) console.say("stopped early: no improvement in the last evaluations");
  console.say(reached(session, recorder.latest()));
  if (outcome.signal == 0 && mode == training::ConsoleMode::line) say_diagnosis(console, folder);
  say_last_words(console, outcome, session, folder);
  return outcome.signal ? 128 + outcome.signal : 0;
}

// All that a script catches.
static int told(int code, const RunCommand& command, const std::filesystem::path& folder) {
  if (!command.progress && !command.inner) std::cout << folder.string() << std::endl;
  return code;
}

// Of a run that says something, its signals' handler does, too.
static void watch_signals(const RunCommand& command) {
  const bool live = core::is_live(STDERR_FILENO);  // the line that renews itself gives way
  const core::SignalWords words{
      live ? "\r\033[Katelier: stopping after this step; a second signal stops at once\n"
           : "atelier: stopping after this step; a second signal stops at once\n",
      "atelier: stopped at once; --resume goes on from the last checkpoint\n"};
  const bool speaks = console_mode(command) == training::ConsoleMode::line;
  core::watch_signals(core::Second::ends_at_once, speaks ? words : core::SignalWords{});
}

// A window beside the run, on its own: closing it stops nothing.
static void open_window(const std::filesystem::path& folder) {
  if (const pid_t between = ::fork(); between != 0) {
    ::waitpid(between, nullptr, 0);
    return;
  }
  if (::fork() != 0) ::_exit(0);       // nobody here has to wait for the window
  ::setsid();                          // Ctrl-C is meant for the run
  ::setpriority(PRIO_PROCESS, 0, 10);  // training comes first where cores are few
  become_forked({"atelier", "watch", folder.string()});
}

void start_from(training::Session& session) {
  const training::InitFromOptions& from = session.experiment.train.init_from;
  if (from.run.empty()) return;
  core::check(std::filesystem::exists(from.run), "{}train.init_from: {}: no such run folder", from.where,
              from.run);
  const std::filesystem::path folder = core::find_run(from.run);
  const auto lines = training::transfer(session, checkpoint_file(folder, core::held_checkpoint(folder)));
  auto& notes = session.registry.notes;
  notes.insert(notes.end(), lines.begin(), lines.end());
}

static int fresh(const RunCommand& command, const std::string& command_line) {
  if (!command.out.empty()) core::require_unlocked(command.out);
  training::Session session = build_session(load_experiment(command));
  start_from(session);
  const std::string config = training::resolved(session.experiment);
  if (command.validate_only) {
    std::cout << session.experiment.name << '\n' << session.experiment.seed << '\n';
    return 0;
  }
  watch_signals(command);  // from here on there is something to lose
  std::filesystem::path folder = command.out, time;
  if (command.out.empty()) {
    time = fresh_time_folder(session.experiment.name);
    folder = time / fmt::format("seed-{}", session.experiment.seed);
  }
  const core::FolderLock lock = make_run_folder(folder, command.force, command.quiet);
  if (!time.empty()) point_latest(time);
  auto recorder = training::Recorder::create(
      folder, session, facts(session, command.typed.empty() ? command_line : command.typed), config,
      render::draw);
  if (command.watch) open_window(folder);
  return told(train(session, recorder, folder, config, console_mode(command)), command, folder);
}

static core::Value resumed_tree(const RunCommand& command, const std::filesystem::path& checkpoint) {
  core::Value root = core::parse_yaml(training::checkpoint_config(checkpoint), checkpoint.string());
  require_own_budget(root, command.overrides);
  for (const auto& assignment : command.overrides) core::apply_override(root, assignment);
  return root;
}

// The last step may have passed the budget: what is proposed is beyond both.
static std::string used_up(const training::Session& session, const std::filesystem::path& folder) {
  const double done = session.counters.of(session.budget.unit);
  const char* unit = core::unit_name(session.budget.unit);
  const bool early = core::RunFile(folder).attribute("stopped_early") == "true";
  return fmt::format("{}: the run {} ({} {} of {}); give it a longer one to go on, e.g. train.{}={}",
                     folder.string(),
                     early ? "has stopped early, within its budget" : "has used up its budget", unit,
                     core::print_number(done), core::print_number(session.budget.amount), unit,
                     core::print_number(2 * std::ceil(std::max(done, session.budget.amount))));
}

static void warn_of_changes(const core::RunFile& before, const training::Session& session) {
  for (const auto& [name, now] : facts(session, "")) {
    const std::string then = before.attribute(name);
    const bool matters =
        name == "libtorch_version" || name == "atelier_version" || name == "device" || name == "processor";
    if (matters && then != now)
      std::cerr << fmt::format("warning: {} was {} and is {}: the run goes on, but not bit for bit\n", name,
                               then, now);
  }
}

// One without a checkpoint cannot go on: nothing of it is lost by the command that began it.
static void require_checkpoint(const std::filesystem::path& folder) {
  const std::string began = core::RunFile(folder).attribute("command");
  core::check(core::has_checkpoint(folder),
              "{}: was stopped before its first checkpoint, so there is nothing to go on from; begin it anew "
              "with: {}{}",
              folder.string(), began, began.find("--out") == std::string::npos ? "" : " --force");
}

static int resume(const RunCommand& command) {
  core::check(command.file.empty() || command.file.find('=') != std::string::npos,
              "expected either FILE or --resume RUN_DIR, found both");
  core::check(
      command.out.empty() && !command.force && command.threads == 0 && command.device.empty(),
      "--resume goes on as the run began, in its own folder: --out, --force, --threads and --device do "
      "not go with it");
  RunCommand c = command;
  if (!c.file.empty()) c.overrides.insert(c.overrides.begin(), c.file);  // the first override landed in FILE
  const auto runs = core::find_runs(c.resume);
  core::check(runs.size() == 1, "{}: holds {} runs; resume them one by one", c.resume, runs.size());
  const std::filesystem::path folder = runs[0];
  const core::FolderLock lock(folder);
  core::RunLog::check_resumable(folder);
  require_checkpoint(folder);
  const core::Checkpoint newest = core::newest_checkpoint(folder);
  require_own_checkpoint(newest.file);
  const core::Value root = resumed_tree(c, newest.file);
  training::Session session = build_session(training::read_experiment(root, catalog(), ""));
  training::load_checkpoint(session, newest.file);
  const bool fallen = !newest.remark.empty();  // then the end is missing, and is made up for
  const bool finished = !fallen && core::RunFile(folder).attribute("status") == "finished";
  // Killed between its last step and its last words, a run has used up its budget and is not finished.
  core::check((!finished || !c.overrides.empty()) && (c.overrides.empty() || session.progress() < 1), "{}",
              used_up(session, folder));
  warn_of_changes(core::RunFile(folder), session);
  if (!c.overrides.empty())
    session.trainer_state.wait_count = 0;  // an early stop waits anew within a new budget
  if (!c.quiet) std::cerr << new_horizon(folder, c.overrides);
  if (c.anomaly) torch::autograd::AnomalyMode::set_enabled(true);
  const std::string config = training::resolved(session.experiment);
  if (fallen) core::put_damaged_aside(folder);
  if (fallen && !c.quiet) std::cerr << "note: " << newest.remark << '\n';
  watch_signals(c);
  auto recorder = training::Recorder::reopen(folder, session, render::draw);
  if (!c.overrides.empty()) recorder.log().config(config);
  if (c.watch) open_window(folder);
  return told(train(session, recorder, folder, config, console_mode(c)), c, folder);
}

int run(const RunCommand& command, const std::string& command_line) {
  const bool speaks = console_mode(command) == training::ConsoleMode::line && !command.validate_only;
  end_on_signals(speaks);
  core::release_signals();  // held since the front program became this one
  if (!command.from.empty()) std::filesystem::current_path(command.from);
  if (!command.resume.empty()) return resume(command);
  if (command.anomaly) torch::autograd::AnomalyMode::set_enabled(true);
  return fresh(command, command_line);
}

}  // namespace commands
