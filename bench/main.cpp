// atelier bench: speed tables. Never part of pass or fail.
#include <functional>
#include <iostream>

#include "bench/acting.h"
#include "bench/envs.h"
#include "bench/learning.h"
#include "bench/logging.h"
#include "bench/playouts.h"
#include "bench/reporting.h"
#include "bench/request.h"
#include "bench/solving.h"
#include "bench/watching.h"
#include "bench/writing.h"
#include "commands/commands.h"
#include "core/crash.h"
#include "core/error.h"
#include "core/nearest.h"
#include "core/program.h"

namespace bench {

struct Bench {
  std::string name;
  std::function<int(const Request&)> run;
};

// One that has neither rows to choose from nor a number of measurements that is the caller's.
static Bench whole(const std::string& name, int (*run)(bool json)) {
  return {name, [name, run](const Request& request) {
            core::check(request.row.empty() && request.times == Request{}.times,
                        "bench {} is measured whole: it heeds neither ROW nor --times", name);
            return run(request.json);
          }};
}

static int dispatch(const commands::BenchCommand& command) {
  const std::vector<Bench> table{{"envs", envs},
                                 whole("acting", acting),
                                 {"learning", learning},
                                 whole("solving", solving),
                                 {"writing", writing},
                                 whole("logging", logging),
                                 whole("reporting", reporting),
                                 whole("watching", watching),
                                 whole("playouts", playouts)};
  std::vector<std::string> names;
  int code = 0;
  bool known = command.name.empty();
  for (const Bench& bench : table) {
    names.push_back(bench.name);
    if (!command.name.empty() && command.name != bench.name) continue;
    known = true;
    code = std::max(code, bench.run({command.row, command.times, command.json}));
  }
  core::check(known, "unknown bench '{}'{}", command.name, core::suggestion(command.name, names));
  return code;
}

static int program(int argc, char** argv) {
  CLI::App app("Atelier");
  commands::Command command;
  commands::declare(app, command);
  CLI11_PARSE(app, argc, argv);
  try {
    return dispatch(command.bench);
  } catch (const core::Error& error) {
    std::cerr << "atelier: " << error.what() << '\n';
    return static_cast<int>(error.exit());
  }
}

}  // namespace bench

int main(int argc, char** argv) {
  core::crash_at_once();
  core::begin_program();
  return core::end_program(bench::program(argc, argv));
}
