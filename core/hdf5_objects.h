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
std::string dtype_of(hid_t type);   // "float32", "int64", "compound", ...
std::string layout_of(hid_t type);  // sizes, order of bytes, names and places of columns
// Error where a number is none that processors hold: libhdf5 dies of some where they are read, and one
// changed bit of a kind changes what all its bytes mean.
void check_numbers(hid_t type, const std::string& file, const std::string& path);
Handle text_type(size_t size);
// Rows first .. first + rows - 1 of a dataset of this shape: in the file, and the memory for them.
std::pair<Handle, Handle> block_of(hid_t dataset, const Axes& shape, hsize_t first, hsize_t rows);
// Error where rows first .. first + rows - 1 are not all in the file. `what`: "x.h5: '/rows'".
void require_chunks(hid_t dataset, const std::string& what, hsize_t first, hsize_t rows);
// Of all bytes, as zlib's crc32.
uint32_t crc32_of(const void* data, size_t bytes);
// The attribute that holds it.
inline constexpr const char* checksum = "crc32";

}  // namespace core::h5
