// The composition: all wings' tables under one roof, and experiments read against them.
#pragma once

#include <filesystem>

#include "commands/commands.h"
#include "core/run_log.h"
#include "training/loop/experiment.h"
#include "training/loop/session.h"

namespace commands {

const training::Catalog& catalog();
// Learners from outside the house: in the tables from now on, in the place of one of their name.
void add_agent(const training::Entry& entry);
void add_model(const training::Entry& entry);
// FILE with its overrides (and --threads, --device) as a checked experiment.
training::Experiment load_experiment(const RunCommand& command);
// A built session for an experiment.
training::Session build_session(training::Experiment experiment);
// The file of a run's "best" or "last" checkpoint; what takes the place of a damaged last.h5 is told on
// stderr.
std::filesystem::path checkpoint_file(const std::filesystem::path& run_folder, const std::string& policy);
// Error where it is a copy of another run's: another name, seed, learner, environment or data than run.h5
// beside it tells.
void require_own_checkpoint(const std::filesystem::path& file);
// A session with the weights of run_folder/<policy>.h5, on the cpu or whatever the run's config says.
training::Session trained_session(const std::filesystem::path& run_folder, const std::string& policy,
                                  training::Purpose purpose = training::Purpose::inference);
// Facts for the root of run.h5: who, with which versions, on what.
core::Attributes facts(const training::Session& session, const std::string& command_line);

}  // namespace commands
