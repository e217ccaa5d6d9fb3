// The two newest checkpoints of a run: last.h5, and previous.h5, which was last.h5 before it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace core {

// What was written is on the disk, or Error(failed).
void sync(const std::filesystem::path& file);
void put_in_place(const std::filesystem::path& fresh, const std::filesystem::path& file);  // likewise

// What stands under last.h5 is kept as previous.h5, for a new one is about to take its name; last.h5 is never
// missing in between. Where the file system has no hard links there is one generation.
void keep_previous(const std::filesystem::path& run);

// Whether a run can be gone on with at all.
bool has_checkpoint(const std::filesystem::path& run);

struct Checkpoint {
  std::filesystem::path file;
  std::string remark;  // one line, where it is not last.h5
};
// last.h5; where that is gone or damaged and previous.h5 is whole, previous.h5. Where both are, last.h5,
// whose reader says what is wrong.
Checkpoint newest_checkpoint(const std::filesystem::path& run);

// A damaged last.h5 gets out of the way of what goes on from previous.h5, as last.damaged.h5: it must not
// become the previous one.
void put_damaged_aside(const std::filesystem::path& run);

// Error(failed) unless so many bytes are free; before that, previous.h5 is given up.
void make_room(const std::filesystem::path& run, uint64_t bytes);

}  // namespace core
