// Where runs live: runs/<name>/<time>/seed-<n>/, with runs/<name>/latest pointing at the newest <time>.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace core {

// The run folders (each holds a run.h5) meant by `path`, one rule for every command: itself; the run that a
// file lies in, such as RUN/best.h5; its seed-<n> children in numerical order; those of its `latest`; else
// those of every folder below it, in alphabetical order. Error when there is none.
// Folders below `path` that may not be looked into are passed over, each with a line in `refused`.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& path,
                                             std::vector<std::string>* refused = nullptr);
// Those of several paths. Of a folder of many, runs that cannot be read, or whose files of these names
// cannot, are passed over, each with a line in `passed_over`; Error where none is left.
std::vector<std::filesystem::path> find_readable_runs(const std::vector<std::string>& paths,
                                                      const std::vector<std::string>& files,
                                                      std::vector<std::string>& passed_over);
// Why the run, or one of its files, cannot be read; empty where all can.
std::string unreadable(const std::filesystem::path& run, const std::vector<std::string>& files);
// The one to look at where there is room for one: the first seed, of several folders the one written last.
std::filesystem::path find_run(const std::filesystem::path& path);
// What to tell of that choice, as "runs: holds 2 runs, this is runs/a/latest/seed-0"; empty where there was
// none.
std::string choice_of_run(const std::filesystem::path& path, const std::filesystem::path& run);

// Which checkpoint answers where `wanted` is asked for ("best", "last", or empty for best where there is
// one): a run that was stopped before its first evaluation has last.h5 alone. Error where it has none.
std::string held_checkpoint(const std::filesystem::path& run, const std::string& wanted = "");
// What to tell where it is not the one that was wanted; else empty.
std::string instead_of(const std::filesystem::path& run, const std::string& wanted, const std::string& held);

}  // namespace core
