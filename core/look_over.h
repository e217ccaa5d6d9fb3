// HDF5 files from strangers: libhdf5 has open faults on malformed ones, of which a process dies or has no
// end. So a child process with limits reads a file first, and dies in its parent's place.
#pragma once

#include <filesystem>

#include "core/hdf5.h"

namespace core {

// Once for each state of a file (device, inode, size, times); nothing for one that this process made. Error
// where the child dies of it, or takes too long.
void look_over(const std::filesystem::path& file);
// This process has made the file.
void made_here(const std::filesystem::path& file);

// While it lives, nothing is looked over: in a process that may die of a file.
class Fearless {
 public:
  Fearless();
  ~Fearless();
  Fearless(const Fearless&) = delete;
  Fearless& operator=(const Fearless&) = delete;
};

namespace h5 {
// Asks for all that a file holds, of much data the beginning and the end: what its readers will ask for. What
// is wrong with it is left for them to say.
void walk(const File& file);
}  // namespace h5

}  // namespace core
