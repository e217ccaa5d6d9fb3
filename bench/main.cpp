// atelier bench: speed tables. Never part of pass or fail.
#include <iostream>

#include "bench/envs.h"
#include "bench/logging.h"
#include "core/error.h"
#include "core/nearest.h"
#include "experiments/commands.h"
#include "experiments/places.h"

namespace bench {

static int dispatch(const experiments::Command& command) {
  const std::string& name = command.bench;
  core::check(name.empty() || name == "envs" || name == "logging", "unknown bench '{}'{}", name,
              core::suggestion(name, {"envs", "logging"}));
  int code = 0;
  if (name.empty() || name == "envs") code = envs(command.bench_json);
  if (code == 0 && (name.empty() || name == "logging"))
    code = logging(experiments::program_folder(), experiments::home() / "experiments/cartpole_reinforce.yaml",
                   command.bench_json);
  return code;
}

}  // namespace bench

int main(int argc, char** argv) {
  CLI::App app("Atelier");
  experiments::Command command;
  experiments::declare(app, command);
  CLI11_PARSE(app, argc, argv);
  try {
    return bench::dispatch(command);
  } catch (const core::Error& error) {
    std::cerr << "atelier: " << error.what() << '\n';
    return static_cast<int>(error.exit());
  }
}
