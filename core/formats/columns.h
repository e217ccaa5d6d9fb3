// Datasets in other people's layouts: chunked and growing along the first axis, as h5py makes them, written
// from and read into memory of another type, or some columns of it.
#pragma once

#include <string>
#include <vector>

#include "core/hdf5.h"

namespace core::formats {

// Some columns of rows in memory.
struct Columns {
  hid_t type = -1;    // of an element in memory; HDF5 converts
  hsize_t width = 1;  // elements of a whole row
  hsize_t first = 0;  // the first one meant
};

// A dataset as a file holds it.
struct Shape {
  hid_t type = -1;
  std::vector<hsize_t> row;  // {} for scalars
};
hsize_t width_of(const std::vector<hsize_t>& row);  // elements

// Appends `rows` rows to `dataset`, which is made when it is not there.
void append(h5::File& file, const std::string& dataset, const Shape& shape, const void* data, hsize_t rows,
            const Columns& columns);
// Rows first .. first + rows - 1 into `data`. Error when the dataset is not there, shorter or of other rows,
// or holds a number that `columns.type` cannot: too large, a fraction where whole ones are meant, or none.
void read(const h5::File& file, const std::string& dataset, hsize_t width, hsize_t first, hsize_t rows,
          void* data, const Columns& columns);
// The same of a dataset that has as many rows, no more.
void read_all(const h5::File& file, const std::string& dataset, hsize_t width, hsize_t rows, void* data,
              const Columns& columns);
void require_rows(const h5::File& file, const std::string& dataset, hsize_t rows);

// A dataset of one axis whose numbers are 0 and 1; Error with the row where another stands.
std::vector<uint8_t> read_flags(const h5::File& file, const std::string& dataset);

// What h5py writes for bool: an enumeration {FALSE 0, TRUE 1} over int8.
h5::Handle flag_type();

}  // namespace core::formats
