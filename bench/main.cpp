// atelier bench: speed tables. Never part of pass or fail.
#include <iostream>

#include "bench/acting.h"
#include "bench/envs.h"
#include "bench/learning.h"
#include "bench/logging.h"
#include "bench/playouts.h"
#include "bench/reporting.h"
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
  int (*run)(bool json);
};

static int dispatch(const commands::Command& command) {
  const std::vector<Bench> table{{"envs", envs},           {"acting", acting},     {"learning", learning},
                                 {"solving", solving},     {"writing", writing},   {"logging", logging},
                                 {"reporting", reporting}, {"watching", watching}, {"playouts", playouts}};
  std::vector<std::string> names;
  int code = 0;
  bool known = command.bench.empty();
  for (const Bench& bench : table) {
    names.push_back(bench.name);
    if (!command.bench.empty() && command.bench != bench.name) continue;
    known = true;
    code = std::max(code, bench.run(command.bench_json));
  }
  core::check(known, "unknown bench '{}'{}", command.bench, core::suggestion(command.bench, names));
  return code;
}

static int program(int argc, char** argv) {
  CLI::App app("Atelier");
  commands::Command command;
  commands::declare(app, command);
  CLI11_PARSE(app, argc, argv);
  try {
    return dispatch(command);
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
