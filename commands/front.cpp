#include "commands/front.h"

#include <malloc.h>

#include <cstdlib>
#include <iostream>
#include <optional>

#include "analysis/diff.h"
#include "analysis/report.h"
#include "analysis/verify.h"
#include "commands/commands.h"
#include "commands/document.h"
#include "commands/env.h"
#include "commands/export.h"
#include "commands/graph.h"
#include "commands/import.h"
#include "commands/list.h"
#include "commands/seeds.h"
#include "commands/sibling.h"
#include "commands/sweep.h"
#include "commands/test.h"
#include "commands/watch.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/look_over.h"
#include "core/nearest.h"
#include "core/path.h"
#include "core/run_folder.h"
#include "core/shell.h"
#include "core/shown.h"
#include "render/easel.h"

namespace commands {

static std::vector<std::filesystem::path> runs_of(const std::vector<std::string>& paths,
                                                  std::vector<std::string>* refused = nullptr) {
  std::vector<std::filesystem::path> runs;
  for (const auto& path : paths)
    for (auto& run : core::find_runs(path, refused)) runs.push_back(std::move(run));
  return runs;
}

// What cannot be looked into is not known to be whole.
static int verify(const std::vector<std::string>& paths) {
  std::vector<std::string> refused;
  const int code = analysis::verify(runs_of(paths, &refused), std::cout);
  for (const std::string& line : refused) std::cout << "not looked at: " << line << '\n';
  return refused.empty() ? code : 1;
}

static int report(const ReportCommand& command) {
  core::check_ending(command.out, "--out", ".html");
  // Freed memory stays with the process: pages that the kernel must clear anew for each run cost more than
  // its rows.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  std::vector<std::string> refused;
  const std::vector<std::filesystem::path> runs = runs_of(command.runs, &refused);
  for (const std::string& line : refused) std::cerr << "passed over: " << line << '\n';
  for (const auto& run : runs) core::look_over(run / "run.h5");  // while a fork has little to copy
  analysis::ReportFiles files;
  if (!command.out.empty()) files.html = command.out;
  if (!command.charts.empty()) files.charts = command.charts;
  analysis::report(runs, files, std::cout);
  return 0;
}

// No command, or one that is none: what there is instead.
static std::optional<int> misnamed(const CLI::App& app, int argc, char** argv) {
  const auto wrong = static_cast<int>(core::Exit::bad_input);
  if (argc < 2) {
    std::cerr << app.help();
    return wrong;
  }
  const std::string word = argv[1];
  if (word == "help" || word == "version") {
    std::cout << (word == "help" ? app.help() : app.version() + '\n');
    return 0;
  }
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (command->get_name() == word)
      return std::nullopt;
    else if (!command->get_group().empty())
      known.push_back(command->get_name());
  if (word.starts_with('-')) return std::nullopt;
  std::cerr << fmt::format("atelier: no command '{}'{} (see: atelier --help)\n", word,
                           core::suggestion(word, known));
  return wrong;
}

// Of an option that the command has not: the one that is spelt like it.
static std::string meant(const CLI::App& app) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands())
    for (const CLI::Option* option : command->get_options())
      if (!option->get_group().empty() && !option->get_positional()) known.push_back(option->get_name());
  for (const std::string& word : app.remaining(true))
    if (const std::string near = core::nearest(word, known); word.starts_with("--") && !near.empty())
      return fmt::format("atelier: no option {}, did you mean {}?\n", word, near);
  return "";
}

static int dispatch(const CLI::App& app, const Command& command, int argc, char** argv) {
  const std::string line = core::shell_line({argv + 1, argv + argc});
  const auto asked = [&](const char* name) { return app.got_subcommand(name); };
  if (asked("list")) return list(command.list);
  if (asked("describe") && command.describe.picture.empty() && !command.describe.summary) {
    for (const std::string& assignment : command.describe.overrides)
      core::fail("describe: '{}' goes with --picture or --summary, found neither", assignment);
    return describe(command.describe.name);
  }
  if (asked("document")) return document(command.document);
  if (asked("graph")) return graph(command.graph);
  if (asked("env")) return env(command.env);
  if (asked("export")) return export_runs(command.to);
  if (asked("import")) return import_episodes(command.from);
  if (asked("run")) end_on_signals(!command.run.quiet && !command.run.progress);
  if (asked("sweep")) {
    end_on_signals(!command.sweep.quiet);
    return sweep(command.sweep, line);
  }
  if (asked("diff")) return analysis::diff(command.diff.a, command.diff.b);
  if (asked("verify")) return verify(command.verify.runs);
  if (asked("report")) return report(command.report);
  if (asked("watch")) return watch(command.watch);
  if (asked("test")) return test(command.test);
  if (asked("run") && command.run.seeds > 0) return run_seeds(command.run, line);
  if (asked("run") && !command.run.resume.empty())
    if (const auto runs = core::find_runs(command.run.resume); runs.size() > 1)
      return resume_seeds(command.run, runs);
  if (asked("run")) core::hold_signals();  // while LibTorch is loaded
  if (asked("bench")) become_sibling("atelier-bench", argv);
  return as_torch_sibling(argc, argv);
}

int front(int argc, char** argv) {
  core::guard_terminal();
  envs::offscreen() = render::easel;
  CLI::App app(
      "Atelier: environments, agents and models on one trainer. An experiment is a YAML file; a run logs to "
      "HDF5.",
      core::program_name());
  app.set_version_flag("--version", "atelier " ATELIER_VERSION);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return fmt::format("atelier: {}\nRun with --help for more information.\n",
                       core::shown(error.what(), core::Breaks::kept));
  });
  Command command;
  declare(app, command);
  if (const auto code = misnamed(app, argc, argv)) return *code;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error) == 0 ? 0 : static_cast<int>(core::Exit::bad_input);
    if (code != 0) std::cerr << meant(app);
    return code;
  }
  try {
    return dispatch(app, command, argc, argv);
  } catch (const core::Error& error) {
    std::cerr << "atelier: " << core::shown(error.what(), core::Breaks::kept) << '\n';
    return static_cast<int>(error.exit());
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << "atelier: " << core::shown(core::message(error)) << '\n';
    return static_cast<int>(core::Exit::bad_input);
  } catch (const std::exception& error) {
    std::cerr << "atelier: internal fault: " << error.what() << '\n';
    return static_cast<int>(core::Exit::failed);
  }
}

}  // namespace commands
