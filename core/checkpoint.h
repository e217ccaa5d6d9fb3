// The layout of last.h5 and best.h5 (docs/run-file.md), read strictly: what a learner makes of it is
// training's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/hdf5.h"

namespace core::checkpoint {

inline constexpr int64_t format_version = 1;

// Error for what is no checkpoint, of a newer format, or not what was sealed.
h5::File open(const std::filesystem::path& path);

// "float32 [64, 4]"
std::string signature(const h5::Info& info);
// `expected`: signatures by path. Error with the differences unless the file has all of them and, below
// `groups`, no others.
void compare(const h5::File& file, std::map<std::string, std::string> expected,
             const std::vector<std::string>& groups);

// A counter, -1 where something has not happened yet.
int64_t counted(const h5::File& file, const std::string& counter);
// The same of time; Error below 0, and where it is no number.
double seconds(const h5::File& file, const std::string& counter);

// What a run that a signal stopped still owes: 1 an evaluation, 2 pictures, 3 both; 0 nothing.
int64_t owed(const h5::File& file);

struct Tally {
  double sum = 0;
  int64_t count = 0;
};
// What waits for the next row of the log, by metric.
std::map<std::string, Tally> tallies(const h5::File& file);
// Rows that the log holds by now, by table.
std::map<std::string, int64_t> logged(const h5::File& file);

// The arrays of a group by their names.
Archive archive_of(const h5::File& file, const std::string& group);

}  // namespace core::checkpoint
