// Hyperslabs.
#include "core/formats/columns.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/error.h"

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

void read(const h5::File& file, const std::string& dataset, hsize_t width, hsize_t first, hsize_t rows,
          void* data, const Columns& columns) {
  const h5::Handle found = h5::opened(file, dataset);
  const std::vector<hsize_t> shape = file.info(dataset).shape;
  check(!shape.empty() && shape[0] >= first + rows, "{}: '{}' has {} rows, expected {}", file.name(), dataset,
        shape.empty() ? 0 : shape[0], first + rows);
  const hsize_t held = width_of({shape.begin() + 1, shape.end()});
  check(held == width, "{}: a row of '{}' has {} elements, expected {}", file.name(), dataset, held, width);
  if (rows == 0) return;
  const bool done = H5Dread(found, columns.type, memory_of(rows, width, columns), rows_of(found, first, rows),
                            H5P_DEFAULT, data) >= 0;
  check(done, "{}: '{}' holds no numbers that can be read", file.name(), dataset);
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
