#include "commands/torch_program.h"

#include <iostream>

#include "commands/check.h"
#include "commands/commands.h"
#include "commands/evaluate.h"
#include "commands/frames.h"
#include "commands/play.h"
#include "commands/results.h"
#include "commands/run.h"
#include "commands/show_data.h"
#include "commands/summary.h"
#include "commands/tables.h"
#include "commands/tune.h"
#include "core/error.h"
#include "core/memory_cap.h"
#include "core/path.h"
#include "core/shell.h"
#include "core/shown.h"
#include "render/easel.h"
#include "training/compat.h"
#include "training/loop/failure.h"

namespace commands {

static int dispatch(const CLI::App& app, const Command& command, const std::string& line) {
  if (app.got_subcommand("run")) return run(command.run, line);
  if (app.got_subcommand("check")) return check(command.run);
  if (app.got_subcommand("eval")) return eval(command.eval);
  if (app.got_subcommand("describe"))
    return command.describe.summary ? show_summary(command.describe) : show_data(command.describe);
  if (app.got_subcommand("results")) return results(command.results);
  if (app.got_subcommand("tune")) return tune(command.tune);
  if (app.got_subcommand("sample")) return sample(command.sample);
  if (app.got_subcommand("play")) return play(command.play);
  if (app.got_subcommand("tables")) {
    write_tables(command.tables);
    return 0;
  }
  core::fail("this command belongs to the program `atelier`");
}

void prepare_torch() {
  training::silence_warnings();
  training::keep_freed_memory();
  envs::offscreen() = render::easel;
  training::data::add(frames());
}

int torch_program(int argc, char** argv) {
  core::guard_terminal();
  core::cap_memory();
  prepare_torch();
  CLI::App app("Atelier");
  Command command;
  declare(app, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(core::Exit::bad_input);
  }
  try {
    return dispatch(app, command, core::shell_line({argv + 1, argv + argc}));
  } catch (const core::Error& error) {
    std::cerr << "atelier: " << core::shown(error.what(), core::Breaks::kept) << '\n';
    return static_cast<int>(error.exit());
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << "atelier: " << core::shown(core::message(error)) << '\n';
    return static_cast<int>(core::Exit::bad_input);
  } catch (const std::exception& error) {
    const bool memory = training::is_out_of_memory(error);
    std::cerr << "atelier: " << (memory ? "" : "internal fault: ") << training::sentence(error) << '\n';
    return static_cast<int>(memory ? core::Exit::bad_input : core::Exit::failed);
  }
}

}  // namespace commands
