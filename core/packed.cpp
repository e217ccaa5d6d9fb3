#include "core/packed.h"

#include <libdeflate.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <thread>

#include "core/error.h"

namespace core::h5 {

static constexpr size_t cell = sizeof(uint64_t);
static constexpr unsigned level = 4;

static Handle row_type(const std::vector<Column>& columns) {
  Handle type(H5Tcreate(H5T_COMPOUND, cell * columns.size()), H5Tclose);
  for (size_t k = 0; k < columns.size(); ++k)
    H5Tinsert(type, columns[k].name.c_str(), cell * k, columns[k].real ? H5T_IEEE_F64LE : H5T_STD_I64LE);
  return type;
}

static Handle packed_properties() {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(properties, 1, &Packed::chunk_rows);
  H5Pset_shuffle(properties);
  H5Pset_deflate(properties, level);
  return properties;
}

static hsize_t rows_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  hsize_t rows = 0;
  H5Sget_simple_extent_dims(space, &rows, nullptr);
  return rows;
}

static Handle opened(const File& file, const std::string& path) {
  Handle dataset(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  check(dataset >= 0, "{}: {} cannot be opened", file.name(), path);
  return dataset;
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

Packed::Packed(File& file, const PackedPaths& paths, const std::vector<Column>& columns)
    : path_(file.name() + ": " + paths.rows),
      file_(file.id()),
      type_(row_type(columns)),
      width_(columns.size()),
      newest_(chunk_rows * columns.size()) {
  dataset_ = created(file, paths.rows, type_, 0, H5S_UNLIMITED, packed_properties());
  const Handle at_once(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_alloc_time(at_once, H5D_ALLOC_TIME_EARLY);
  newest_dataset_ = created(file, paths.newest, type_, chunk_rows, chunk_rows, at_once);
}

static void succeeded(herr_t status, const std::string& path) {
  if (status < 0) throw Error(path + ": rows cannot be written (disk full?)", Exit::failed);
}

uint64_t* Packed::begin_row() {
  if (filled_ == chunk_rows) pack(chunk_rows);
  ++filled_;
  stale_ = true;
  return last();
}

void Packed::extend() { succeeded(H5Dset_extent(dataset_, &rows_), path_); }

void Packed::pack(hsize_t rows) {
  const hsize_t first = rows_;
  rows_ += rows;
  extend();
  const Handle in_file(H5Dget_space(dataset_), H5Sclose),
      memory(H5Screate_simple(1, &rows, nullptr), H5Sclose);
  H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &first, nullptr, &rows, nullptr);
  succeeded(H5Dwrite(dataset_, type_, memory, in_file, H5P_DEFAULT, newest_.data()), path_);
  std::fill(newest_.begin(), newest_.end(), 0);
  filled_ = 0;
  stale_ = true;
}

// What has been packed must be found in the file before what comes after it is written over it.
void Packed::write() {
  if (!stale_) return;
  succeeded(H5Fflush(file_, H5F_SCOPE_LOCAL), path_);
  succeeded(H5Dwrite(newest_dataset_, type_, H5S_ALL, H5S_ALL, H5P_DEFAULT, newest_.data()), path_);
  stale_ = false;
}

void Packed::seal() {
  if (filled_ > 0) pack(filled_);
  write();
}

Packed::Packed(File& file, const PackedPaths& paths, hsize_t keep)
    : path_(file.name() + ": " + paths.rows), file_(file.id()) {
  const PackedColumns held(file, paths);
  width_ = held.columns().size();
  type_ = row_type(held.columns());
  newest_.resize(chunk_rows * width_);
  rows_ = keep / chunk_rows * chunk_rows, filled_ = keep - rows_;
  std::vector<size_t> every(width_);
  std::iota(every.begin(), every.end(), size_t{0});
  const auto cells = held.read(every, rows_, filled_);
  for (hsize_t i = 0; i < filled_; ++i)
    for (size_t k = 0; k < width_; ++k) newest_[i * width_ + k] = cells[k][i];
  dataset_ = opened(file, paths.rows), newest_dataset_ = opened(file, paths.newest);
}

void Packed::clear() {
  rows_ = filled_ = 0;
  std::fill(newest_.begin(), newest_.end(), 0);
  settle();
}

void Packed::settle() {
  stale_ = true;
  write();  // before they are cut away where they were
  extend();
}

// The newest rows first: what they once followed has been packed by the time that the other table is opened.
PackedColumns::PackedColumns(const File& file, const PackedPaths& paths)
    : path_(file.name() + ": " + paths.rows) {
  const Handle newest = opened(file, paths.newest), type(H5Dget_type(newest), H5Tclose);
  const int members = H5Tget_class(type) == H5T_COMPOUND ? H5Tget_nmembers(type) : 0;
  check(members > 0 && H5Tget_size(type) == cell * static_cast<size_t>(members) &&
            rows_of(newest) == Packed::chunk_rows,
        "{}: is no table of ours", path_);
  for (unsigned k = 0; k < static_cast<unsigned>(members); ++k) {
    char* name = H5Tget_member_name(type, k);
    columns_.push_back({name, H5Tget_member_class(type, k) == H5T_FLOAT});
    H5free_memory(name);
  }
  newest_.resize(Packed::chunk_rows * columns_.size());
  check(H5Dread(newest, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, newest_.data()) >= 0,
        "{}: the newest rows cannot be read", path_);
  dataset_ = opened(file, paths.rows);
  const Handle properties(H5Dget_create_plist(dataset_), H5Pclose);
  hsize_t chunk = 0;
  check(H5Pget_chunk(properties, 1, &chunk) == 1 && chunk == Packed::chunk_rows, "{}: is no table of ours",
        path_);
  rows_ = rows_of(dataset_);
}

namespace {

constexpr hsize_t chunk_rows = Packed::chunk_rows;

using Bytes = std::vector<uint8_t>;

// Whether the library gives zeros for a row, whose chunk the file then lacks.
bool is_missing(hid_t dataset, size_t width, hsize_t row) {
  const hsize_t one = 1;
  const Handle in_file(H5Dget_space(dataset), H5Sclose), memory(H5Screate_simple(1, &one, nullptr), H5Sclose);
  const Handle type(H5Dget_type(dataset), H5Tclose);
  std::vector<uint64_t> cells(width, 1);
  H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &row, nullptr, &one, nullptr);
  return H5Dread(dataset, type, memory, in_file, H5P_DEFAULT, cells.data()) >= 0 && cells[0] == 0;
}

// A chunk as it is stored; empty where the file lacks it, being torn.
Bytes stored(hid_t dataset, size_t width, hsize_t first, const std::string& path) {
  hsize_t bytes = 0;
  if (H5Dget_chunk_storage_size(dataset, &first, &bytes) < 0 || bytes == 0) {
    check(is_missing(dataset, width, first), "{}: rows cannot be read", path);
    return {};
  }
  Bytes chunk(bytes);
  uint32_t skipped = 0;  // filters
  const herr_t status = H5Dread_chunk(dataset, H5P_DEFAULT, &first, &skipped, chunk.data());
  check(status >= 0 && skipped == 0, "{}: rows cannot be read", path);
  return chunk;
}

using Decompressor = std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>;

Decompressor make_decompressor() { return {libdeflate_alloc_decompressor(), libdeflate_free_decompressor}; }

// Inflated, byte b of a column's rows stands together; zeros for what is not there.
bool inflate(const Decompressor& with, const Bytes& chunk, Bytes& planes) {
  if (!chunk.empty())
    return libdeflate_zlib_decompress(with.get(), chunk.data(), chunk.size(), planes.data(), planes.size(),
                                      nullptr) == LIBDEFLATE_SUCCESS;
  std::fill(planes.begin(), planes.end(), 0);
  return true;
}

void gather(const Bytes& planes, size_t column, size_t count, uint64_t* to) {
  const uint8_t* p = planes.data() + column * cell * chunk_rows;
  const auto byte = [p](size_t b, size_t i) {
    return static_cast<uint64_t>(p[b * chunk_rows + i]) << (8 * b);
  };
  for (size_t i = 0; i < count; ++i)
    to[i] =
        byte(0, i) | byte(1, i) | byte(2, i) | byte(3, i) | byte(4, i) | byte(5, i) | byte(6, i) | byte(7, i);
}

}  // namespace

// The library reads; inflating, which is most of the work, is shared among the processor's cores.
std::vector<Cells> PackedColumns::read(const std::vector<size_t>& which, hsize_t first, hsize_t count) const {
  std::vector<Cells> cells(which.size());
  for (Cells& column : cells) column.reserve(count + chunk_rows), column.resize(count);  // all() adds a chunk
  std::vector<Bytes> chunks;
  for (hsize_t done = 0; done < count; done += chunk_rows)
    chunks.push_back(stored(dataset_, columns_.size(), first + done, path_));
  std::atomic<size_t> next{0};
  std::atomic<bool> whole{true};
  const auto unpack = [&] {
    const Decompressor decompressor = make_decompressor();
    Bytes planes(chunk_rows * columns_.size() * cell);
    for (size_t c = next++; c < chunks.size(); c = next++) {
      if (!inflate(decompressor, chunks[c], planes)) whole = false;
      const hsize_t done = c * chunk_rows, here = std::min(chunk_rows, count - done);
      for (size_t k = 0; k < which.size(); ++k) gather(planes, which[k], here, cells[k].data() + done);
    }
  };
  std::vector<std::jthread> others(
      std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()) - 1, chunks.size() / 64));
  for (std::jthread& other : others) other = std::jthread(unpack);
  unpack();
  others.clear();  // joined
  check(whole, "{}: rows cannot be read", path_);
  return cells;
}

std::vector<Cells> PackedColumns::newest(const std::vector<size_t>& which) const {
  const size_t width = columns_.size();
  std::vector<Cells> cells(which.size(), Cells(chunk_rows));
  for (size_t k = 0; k < which.size(); ++k)
    for (size_t i = 0; i < chunk_rows; ++i) cells[k][i] = newest_[i * width + which[k]];
  return cells;
}

std::vector<Cells> PackedColumns::all(const std::vector<size_t>& which) const {
  std::vector<Cells> cells = read(which, 0, rows_);
  const std::vector<Cells> end = newest(which);
  for (size_t k = 0; k < which.size(); ++k) cells[k].insert(cells[k].end(), end[k].begin(), end[k].end());
  return cells;
}

}  // namespace core::h5
