// Where things are: the repository (or the installed share folder), experiment files, new run folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/lock.h"
#include "core/value.h"

namespace commands {

// Holds experiments/, docs/ and tests/: $ATELIER_HOME, else the installed share folder, else where this was
// built.
std::filesystem::path home();
// The folder of the running program; its siblings lie there.
std::filesystem::path program_folder();
// Every YAML file below experiments/, sorted.
std::vector<std::filesystem::path> shipped_experiments();
// The shipped file of that name, whichever folder of experiments/ it lies in; empty where there is none.
std::filesystem::path shipped_experiment(const std::string& name);
// Whether it is one of them.
bool is_shipped(const std::filesystem::path& file);
// FILE relative to the caller's folder, else in the repository; of a shipped experiment or sweep its bare
// name does, and experiments/NAME.yaml. Error with the nearest name when nothing is found.
std::filesystem::path experiment_file(const std::string& file);
// runs/<name>/<time>, a time that is not taken yet, below the caller's folder; made at once, so
// that no other run can take it.
std::filesystem::path fresh_time_folder(const std::string& name);
// Makes the folder, for this process alone; Error when it cannot be, when another process writes in it, or
// when a run is in it and `force` is false. Whose run is replaced is told, unless `quiet`.
core::FolderLock make_run_folder(const std::filesystem::path& folder, bool force, bool quiet);
// "DIR: replaces the run of process 12 on HOST, begun 2026-01-31T12:00:00Z, interrupted"; empty where there
// is none.
std::string replacement(const std::filesystem::path& folder);
// Points runs/<name>/latest at the time folder.
void point_latest(const std::filesystem::path& time_folder);
// core::find_readable_runs, with a line on stderr for each that is passed over.
std::vector<std::filesystem::path> readable_runs(const std::vector<std::string>& paths,
                                                 const std::vector<std::string>& files);

// Error where an override of a resume is another key than the run's own budget: only that may change.
void require_own_budget(const core::Value& config, const std::vector<std::string>& overrides);

// What to say of a resume whose train.UNIT=N is more than the run's own budget; else empty.
std::string new_horizon(const std::filesystem::path& run, const std::vector<std::string>& overrides);

}  // namespace commands
