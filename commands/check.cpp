#include "commands/check.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "commands/catalog.h"
#include "commands/run.h"
#include "core/error.h"
#include "core/shown.h"
#include "render/draw.h"

namespace commands {

static void list(const training::Session& session) {
  for (const std::string& note : session.registry.notes) std::cout << note << '\n';
  for (const auto& update : session.registry.updates)
    for (const auto& p : update.parameters)
      std::cout << fmt::format("  {:40} {:>12}   [{}]\n", p.name, p.tensor.numel(),
                               fmt::join(p.tensor.sizes(), ", "));
}

static int64_t parameters_of(const training::Session& session) {
  int64_t parameters = 0;
  for (const auto& update : session.registry.updates)
    for (const auto& p : update.parameters) parameters += p.tensor.numel();
  return parameters;
}

// One step of everything that a run does.
static void check_one(const RunCommand& command, bool listed) {
  training::Session session = build_session(load_experiment(command));
  start_from(session);
  int64_t values = 0, pictures = 0;
  const training::Logger logger{[&](const std::string&, double) { ++values; }, nullptr};
  session.step(logger);
  session.evaluate({.seed = session.evaluation_seed(), .episodes = 1, .rows = 256}, logger);
  for (const auto& picture : session.sample(8, 0).pictures) {
    render::draw(picture);
    ++pictures;
  }
  if (listed) list(session);
  std::cout << fmt::format("{}: ok ({} {}, {} parameters, {} values logged, {} pictures)\n", command.file,
                           session.experiment.kind, session.experiment.learner, parameters_of(session),
                           values, pictures);
}

// Several files: each is tried, and the exit code is that of the worst.
static int check_each(RunCommand command, const std::vector<std::string>& files) {
  int code = 0;
  for (const std::string& file : files) try {
      command.file = file;
      check_one(command, false);
    } catch (const core::Error& error) {
      std::cout.flush();
      const std::string words = error.what();  // of what does not fit together no place is told
      const bool placed = words.find(std::filesystem::path(file).filename().string()) != std::string::npos;
      std::cerr << "atelier: " << core::shown((placed ? "" : file + ": ") + words, core::Breaks::kept)
                << '\n';
      code = std::max(code, static_cast<int>(error.exit()));
    }
  return code;
}

int check(const RunCommand& command) {
  RunCommand c = command;
  const auto names =
      std::stable_partition(c.overrides.begin(), c.overrides.end(),
                            [](const std::string& word) { return word.find('=') != std::string::npos; });
  std::vector<std::string> files{c.file};
  files.insert(files.end(), names, c.overrides.end());
  c.overrides.erase(names, c.overrides.end());
  if (files.size() > 1) return check_each(c, files);
  check_one(c, true);
  return 0;
}

}  // namespace commands
