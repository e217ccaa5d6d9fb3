// Hyperslabs.
#include "core/formats/columns.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>

#include "core/episodes.h"
#include "core/error.h"
#include "core/hdf5_objects.h"

namespace core::formats {

static constexpr hsize_t chunk_bytes = 65536;

hsize_t width_of(const std::vector<hsize_t>& row) {
  return std::accumulate(row.begin(), row.end(), hsize_t{1}, std::multiplies<>());
}

static h5::Handle create(h5::File& file, const std::string& dataset, const Shape& shape, hsize_t rows) {
  std::vector<hsize_t> size{0}, limit{H5S_UNLIMITED};
  const hsize_t fits = chunk_bytes / std::max<hsize_t>(1, width_of(shape.row) * H5Tget_size(shape.type));
  std::vector<hsize_t> chunk{std::clamp<hsize_t>(rows, 1, std::max<hsize_t>(1, fits))};
  for (auto* axes : {&size, &limit, &chunk}) axes->insert(axes->end(), shape.row.begin(), shape.row.end());
  const h5::Handle space(H5Screate_simple(static_cast<int>(size.size()), size.data(), limit.data()),
                         H5Sclose);
  const h5::Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  const h5::Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  return {H5Dcreate2(file.id(), dataset.c_str(), shape.type, space, links, properties, H5P_DEFAULT),
          H5Dclose};
}

static h5::Handle memory_of(hsize_t rows, hsize_t width, const Columns& columns) {
  const hsize_t size[] = {rows, columns.width}, start[] = {0, columns.first}, count[] = {rows, width};
  h5::Handle memory(H5Screate_simple(2, size, nullptr), H5Sclose);
  H5Sselect_hyperslab(memory, H5S_SELECT_SET, start, nullptr, count, nullptr);
  return memory;
}

// Rows first .. first + rows - 1 of a dataset.
static h5::Handle rows_of(hid_t dataset, hsize_t first, hsize_t rows) {
  h5::Handle space(H5Dget_space(dataset), H5Sclose);
  std::vector<hsize_t> count(static_cast<size_t>(std::max(1, H5Sget_simple_extent_ndims(space))));
  H5Sget_simple_extent_dims(space, count.data(), nullptr);
  std::vector<hsize_t> start(count.size(), 0);
  start[0] = first;
  count[0] = rows;
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
  return space;
}

void append(h5::File& file, const std::string& dataset, const Shape& shape, const void* data, hsize_t rows,
            const Columns& columns) {
  const bool there = file.exists(dataset);
  h5::Handle made = there ? h5::Handle(H5Dopen2(file.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose)
                          : create(file, dataset, shape, rows);
  std::vector<hsize_t> size = file.info(dataset).shape;
  const hsize_t first = size[0];
  size[0] += rows;
  bool written = H5Dset_extent(made, size.data()) >= 0;
  if (rows > 0)
    written = written && H5Dwrite(made, columns.type, memory_of(rows, width_of(shape.row), columns),
                                  rows_of(made, first, rows), H5P_DEFAULT, data) >= 0;
  written = made.close() >= 0 && written;  // its chunks are written only now
  if (!written)
    throw Error(fmt::format("{}: '{}' cannot be written (disk full?)", file.name(), dataset), Exit::failed);
}

// A number that the kind in memory cannot hold would be clamped, cut or made infinite in silence. Roundings
// of reals are let pass, and so are infinite ones among reals.
static H5T_conv_ret_t refuse(H5T_conv_except_t fault, hid_t from, hid_t to, void* held, void*, void*) {
  if (fault == H5T_CONV_EXCEPT_PRECISION) return H5T_CONV_UNHANDLED;
  if (H5Tget_class(to) != H5T_FLOAT) return H5T_CONV_ABORT;
  if (fault != H5T_CONV_EXCEPT_RANGE_HI && fault != H5T_CONV_EXCEPT_RANGE_LOW) return H5T_CONV_UNHANDLED;
  double number = 0;
  const bool real = H5Tequal(from, H5T_NATIVE_DOUBLE) > 0;
  if (real) std::memcpy(&number, held, sizeof number);
  return real && std::isinf(number) ? H5T_CONV_UNHANDLED : H5T_CONV_ABORT;
}

static h5::Handle faithful() {
  h5::Handle transfer(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  H5Pset_type_conv_cb(transfer, refuse, nullptr);
  return transfer;
}

void read(const h5::File& file, const std::string& dataset, hsize_t width, hsize_t first, hsize_t rows,
          void* data, const Columns& columns) {
  const h5::Handle found = h5::opened(file, dataset);
  const std::vector<hsize_t> shape = file.info(dataset).shape;
  check(!shape.empty() && shape[0] >= first + rows, "{}: '{}' has {} rows, expected {}", file.name(), dataset,
        shape.empty() ? 0 : shape[0], first + rows);
  const hsize_t held = width_of({shape.begin() + 1, shape.end()});
  check(held == width, "{}: a row of '{}' has {} elements, expected {}", file.name(), dataset, held, width);
  if (rows == 0) return;
  h5::require_chunks(found, file.name() + ": '" + dataset + "'", first, rows);
  const bool done = H5Dread(found, columns.type, memory_of(rows, width, columns), rows_of(found, first, rows),
                            faithful(), data) >= 0;
  check(done, "{}: '{}' holds no numbers that can be read as {}", file.name(), dataset,
        h5::dtype_of(columns.type));
}

void read_all(const h5::File& file, const std::string& dataset, hsize_t width, hsize_t rows, void* data,
              const Columns& columns) {
  require_rows(file, dataset, rows);
  read(file, dataset, width, 0, rows, data, columns);
}

void require_rows(const h5::File& file, const std::string& dataset, hsize_t rows) {
  const h5::Axes shape = file.info(dataset).shape;
  row_of(shape, file.name() + ": '" + dataset + "'");
  const hsize_t held = shape[0];
  check(held == rows, "{}: '{}' has {} rows, expected {}", file.name(), dataset, held, rows);
}

// What is no number, or another one than 0 and 1, would part episodes anywhere or nowhere.
template <class Held>
static std::vector<uint8_t> flags_as(const h5::File& file, const std::string& name, hid_t type) {
  std::vector<Held> held(file.shape(name, {h5::any})[0]);
  read(file, name, 1, 0, held.size(), held.data(), {type});
  for (size_t row = 0; row < held.size(); ++row)
    check(held[row] == Held{0} || held[row] == Held{1}, "{}: '{}' holds {} in row {}, expected 0 or 1",
          file.name(), name, held[row], row);
  return {held.begin(), held.end()};
}

std::vector<uint8_t> read_flags(const h5::File& file, const std::string& name) {
  return file.info(name).dtype.starts_with("float") ? flags_as<double>(file, name, H5T_NATIVE_DOUBLE)
                                                    : flags_as<int64_t>(file, name, H5T_NATIVE_INT64);
}

h5::Handle flag_type() {
  h5::Handle type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
  int8_t value = 0;
  H5Tenum_insert(type, "FALSE", &value);
  value = 1;
  H5Tenum_insert(type, "TRUE", &value);
  return type;
}

}  // namespace core::formats
