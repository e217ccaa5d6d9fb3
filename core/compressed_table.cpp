#include "core/compressed_table.h"

#include <fcntl.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/hdf5_journaled.h"

namespace core::h5 {

static constexpr size_t cell = sizeof(uint64_t);
static constexpr unsigned level = 6;  // what HDF5 would take, who writes into such a table by its own means

Handle row_type(const std::vector<Column>& columns) {
  Handle type(H5Tcreate(H5T_COMPOUND, cell * columns.size()), H5Tclose);
  for (size_t k = 0; k < columns.size(); ++k)
    H5Tinsert(type, columns[k].name.c_str(), cell * k, columns[k].real ? H5T_IEEE_F64LE : H5T_STD_I64LE);
  return type;
}

static Handle chunk_properties(hsize_t chunk_rows) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(properties, 1, &chunk_rows);
  H5Pset_shuffle(properties);
  H5Pset_deflate(properties, level);
  return properties;
}

// In its place from the start, but a hole in the file until it has rows.
static Handle newest_properties() {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER);
  return properties;
}

static Handle created(File& file, const std::string& path, hid_t type, hsize_t rows, hsize_t limit,
                      hid_t how) {
  const Handle space(H5Screate_simple(1, &rows, &limit), H5Sclose);
  const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  Handle dataset(H5Dcreate2(file.id(), path.c_str(), type, space, links, how, H5P_DEFAULT), H5Dclose);
  if (dataset < 0) throw Error(fmt::format("{}: {} cannot be created", file.name(), path), Exit::failed);
  return dataset;
}

CompressedTable::CompressedTable(File& file, const TablePaths& paths, const std::vector<Column>& columns,
                                 hsize_t chunk_rows)
    : path_(file.name() + ": " + paths.rows),
      file_(file.id()),
      type_(row_type(columns)),
      width_(columns.size()),
      chunk_(chunk_rows),
      newest_(chunk_rows * columns.size()) {
  dataset_ = created(file, paths.rows, type_, 0, H5S_UNLIMITED, chunk_properties(chunk_rows));
  newest_dataset_ = created(file, paths.newest, type_, chunk_rows, chunk_rows, newest_properties());
}

static void succeeded(herr_t status, const std::string& path) {
  if (status < 0)
    throw Error(fmt::format("{}: rows cannot be written ({})", path, taken_reason()), Exit::failed);
}

uint64_t* CompressedTable::begin_row() {
  if (filled_ == chunk_) compress(chunk_);
  ++filled_;
  stale_ = true;
  return last();
}

void CompressedTable::extend() { succeeded(H5Dset_extent(dataset_, &rows_), path_); }

void CompressedTable::compress(hsize_t rows) {
  const hsize_t first = rows_;
  rows_ += rows;
  extend();
  const Bytes chunk = compressed(newest_, width_);
  succeeded(H5Dwrite_chunk(dataset_, H5P_DEFAULT, 0, &first, chunk.size(), chunk.data()), path_);
  std::fill(newest_.begin(), newest_.end(), 0);
  filled_ = 0;
  stale_ = moved_ = true;
}

// What has been compressed must be found in the file before what comes after it is written over it.
void CompressedTable::write() {
  if (!stale_) return;
  if (std::exchange(moved_, false)) succeeded(H5Fflush(file_, H5F_SCOPE_LOCAL), path_);
  const hsize_t first = 0, rows = std::max(filled_, written_);
  const Handle in_file(H5Dget_space(newest_dataset_), H5Sclose),
      memory(H5Screate_simple(1, &rows, nullptr), H5Sclose);
  H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &first, nullptr, &rows, nullptr);
  succeeded(H5Dwrite(newest_dataset_, type_, memory, in_file, H5P_DEFAULT, newest_.data()), path_);
  written_ = filled_;
  stale_ = false;
}

void CompressedTable::seal() {
  if (filled_ > 0) compress(filled_);
  write();
  succeeded(H5Fflush(file_, H5F_SCOPE_LOCAL), path_);
  give_back();
}

// The newest rows are zeros now, which a hole in the file is as well; where it cannot have one they stay.
void CompressedTable::give_back() {
  void* descriptor = nullptr;
  const haddr_t where = H5Dget_offset(newest_dataset_);
  if (H5Fget_vfd_handle(file_, H5P_DEFAULT, &descriptor) < 0 || where == HADDR_UNDEF) return;
  (void)fallocate(*static_cast<int*>(descriptor), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(where), static_cast<off_t>(newest_.size() * cell));
}

CompressedTable::CompressedTable(File& file, const TablePaths& paths, hsize_t keep)
    : path_(file.name() + ": " + paths.rows), file_(file.id()) {
  const CompressedColumns held(file, paths);
  width_ = held.columns().size();
  chunk_ = held.chunk_rows();
  type_ = row_type(held.columns());
  newest_.resize(chunk_ * width_);
  rows_ = keep / chunk_ * chunk_;
  filled_ = keep - rows_;
  written_ = chunk_;
  std::vector<size_t> every(width_);
  std::iota(every.begin(), every.end(), size_t{0});
  const auto cells = held.read(every, rows_, filled_);
  for (hsize_t i = 0; i < filled_; ++i)
    for (size_t k = 0; k < width_; ++k) newest_[i * width_ + k] = cells[k][i];
  dataset_ = opened(file, paths.rows);
  newest_dataset_ = opened(file, paths.newest);
}

void CompressedTable::clear() {
  rows_ = filled_ = 0;
  std::fill(newest_.begin(), newest_.end(), 0);
  settle();
}

void CompressedTable::settle() {
  stale_ = true;
  write();  // before they are cut away where they were
  extend();
}

}  // namespace core::h5
