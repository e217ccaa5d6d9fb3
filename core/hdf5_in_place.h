// A file that somebody deletes while it is being written is put back.
#pragma once

#include "core/hdf5.h"

namespace core::h5 {

// Whether its name still leads to it.
bool is_in_place(const File& file);

// Writes all that it holds, though its name is gone, under that name again. Error(failed) where another file
// has taken it, or its folder is gone as well.
void put_back(File& file);

}  // namespace core::h5
