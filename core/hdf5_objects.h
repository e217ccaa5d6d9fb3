// What reading and writing of HDF5 files share.
#pragma once

#include <string>
#include <utility>

#include "core/hdf5.h"

namespace core::h5 {

// Error(failed) for what could not be written: the file, what was tried, and the object.
Handle owned(hid_t id, herr_t (*close)(hid_t), const std::string& file, const char* what,
             const std::string& name);
void succeeded(herr_t status, const std::string& file, const char* what, const std::string& name);

Axes shape_of(hid_t dataset);
std::string dtype_of(hid_t type);
Handle text_type(size_t size);
// Rows first .. first + rows - 1 of a dataset of this shape: in the file, and the memory for them.
std::pair<Handle, Handle> block_of(hid_t dataset, const Axes& shape, hsize_t first, hsize_t rows);
// Of all bytes, as zlib's crc32.
uint32_t crc32_of(const void* data, size_t bytes);
// The attribute that holds it.
inline constexpr const char* checksum = "crc32";

}  // namespace core::h5
