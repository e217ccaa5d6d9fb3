// A driver of libhdf5 for files that grow in their place: what it writes reaches the file at a flush, all of
// it or nothing (core/journaled_file.h).
#pragma once

#include <hdf5.h>

#include <string>

namespace core::h5 {

// For H5Pset_driver; the layout of a file is that of libhdf5's own driver for plain files.
hid_t journaled_driver();

// The system's reason for the latest write that it refused such a file, once; "disk full?" where nobody
// knows.
std::string taken_reason();

}  // namespace core::h5
