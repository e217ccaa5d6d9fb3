// The element types of episodes by name.
#pragma once

#include <hdf5.h>

#include <string>

namespace core {

// float32, uint8, int32 or int64; Error for another name.
hid_t dtype_id(const std::string& dtype);

}  // namespace core
