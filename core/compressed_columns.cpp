// Reading compressed tables.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "core/compressed_table.h"
#include "core/error.h"
#include "core/hdf5_objects.h"
#include "core/shown.h"

namespace core::h5 {

static constexpr hsize_t rows_per_thread = 1 << 15;  // fewer are done before another one has begun

static std::vector<Column> columns_of(hid_t type) {
  std::vector<Column> columns;
  const int members = H5Tget_class(type) == H5T_COMPOUND ? H5Tget_nmembers(type) : 0;
  for (unsigned k = 0; k < static_cast<unsigned>(members); ++k) {
    char* name = H5Tget_member_name(type, k);
    columns.push_back({name, H5Tget_member_class(type, k) == H5T_FLOAT});
    H5free_memory(name);
    check(!unprintable(columns.back().name), "a column's name cannot be shown: '{}'",
          shown_start(columns.back().name));
  }
  return columns;
}

// Rows of a table of ours: cells, and nothing but cells, side by side.
static hsize_t rows_of(const File& file, const std::string& path, const std::vector<Column>& columns) {
  const hsize_t rows = file.shape(path, {any})[0];
  const Handle dataset = opened(file, path), type(H5Dget_type(dataset), H5Tclose);
  check(!columns.empty() && H5Tequal(type, row_type(columns)) > 0, "{}: '{}' is no table of ours",
        file.name(), path);
  return rows;
}

static hsize_t chunk_of(hid_t dataset) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
  hsize_t chunk = 0;
  return H5Pget_chunk(properties, 1, &chunk) == 1 ? chunk : 0;
}

// Opened for it alone: a dataset that stays open may keep its bytes.
static Cells newest_of(const File& file, const std::string& path, size_t cells) {
  const Handle dataset = opened(file, path), type(H5Dget_type(dataset), H5Tclose);
  Cells newest(cells);
  check(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, newest.data()) >= 0,
        "{}: the newest rows of '{}' cannot be read", file.name(), path);
  return newest;
}

CompressedColumns::CompressedColumns(const File& file, const TablePaths& paths)
    : path_(file.name() + ": " + paths.rows) {
  {
    const Handle newest = opened(file, paths.newest), type(H5Dget_type(newest), H5Tclose);
    columns_ = columns_of(type);
  }
  chunk_ = rows_of(file, paths.newest, columns_);
  check(chunk_ > 0, "{}: is no table of ours", path_);
  dataset_ = opened(file, paths.rows);
  check(chunk_of(dataset_) == chunk_, "{}: is no table of ours", path_);
  const bool ended = file.is_sealed();  // then all rows are compressed, and what stands in /newest is none
  const size_t cells = chunk_ * columns_.size();
  newest_ = ended ? Cells(cells) : newest_of(file, paths.newest, cells);
  if (ended || file.is_writable())  // nobody else writes
    look_for_chunks(file, paths);
  else
    read_in_one_state(file, paths);
  if (ended) require_chunks(dataset_, path_, 0, rows_);
}

void CompressedColumns::look_for_chunks(const File& file, const TablePaths& paths) {
  rows_ = rows_of(file, paths.rows, columns_);
  check_chunks();
}

// The newest rows and what they follow are of one state where nobody was in the midst of a flush as the
// latter was looked for, before and behind, and no flush came and went: the newest rows are the same before
// and after.
void CompressedColumns::read_in_one_state(const File& file, const TablePaths& paths) {
  constexpr int most = 30;
  for (int attempt = 0; attempt < most; ++attempt) {
    const bool steady = file.is_steady();
    check(H5Drefresh(dataset_) >= 0, "{}: rows cannot be read", path_);
    look_for_chunks(file, paths);
    const bool still_steady = file.is_steady();
    Cells again = newest_of(file, paths.newest, newest_.size());
    if (steady && still_steady && again == newest_) return;
    newest_ = std::move(again);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  fail("{}: rows are written faster than they can be read", path_);
}

// A torn flush leaves an extent beyond its chunks, but not far: each chunk that is missing is looked for.
void CompressedColumns::check_chunks() const {
  constexpr hsize_t most_missing = 1000;
  const Handle all(H5Dget_space(dataset_), H5Sclose);
  hsize_t there = 0;
  check(rows_ == 0 || H5Dget_num_chunks(dataset_, all, &there) >= 0, "{}: rows cannot be read", path_);
  check((rows_ + chunk_ - 1) / chunk_ <= there + most_missing, "{}: claims {} rows, more than the file holds",
        path_, rows_);
}

// Whether the library gives zeros for a row, whose chunk the file then lacks.
static bool is_missing(hid_t dataset, size_t width, hsize_t row) {
  const hsize_t one = 1;
  const Handle in_file(H5Dget_space(dataset), H5Sclose), memory(H5Screate_simple(1, &one, nullptr), H5Sclose);
  const Handle type(H5Dget_type(dataset), H5Tclose);
  std::vector<uint64_t> cells(width, 1);
  H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &row, nullptr, &one, nullptr);
  return H5Dread(dataset, type, memory, in_file, H5P_DEFAULT, cells.data()) >= 0 && cells[0] == 0;
}

// A chunk as it is stored; empty where the file lacks it, being torn.
Bytes CompressedColumns::stored(hsize_t first) const {
  hsize_t bytes = 0;
  if (H5Dget_chunk_storage_size(dataset_, &first, &bytes) < 0 || bytes == 0) {
    check(is_missing(dataset_, columns_.size(), first), "{}: rows cannot be read", path_);
    return {};
  }
  Bytes chunk(bytes);
  uint32_t skipped = 0;  // filters
  const herr_t status = H5Dread_chunk(dataset_, H5P_DEFAULT, &first, &skipped, chunk.data());
  check(status >= 0 && skipped == 0, "{}: rows cannot be read", path_);
  return chunk;
}

// The library reads; inflating, which is most of the work, is shared among the processor's cores.
std::vector<Cells> CompressedColumns::read(const std::vector<size_t>& which, hsize_t first,
                                           hsize_t count) const {
  std::vector<Cells> cells(which.size());
  for (Cells& column : cells) {
    column.reserve(count + chunk_);
    column.resize(count);
  }  // all() adds a chunk
  std::vector<Bytes> chunks;
  for (hsize_t done = 0; done < count; done += chunk_) chunks.push_back(stored(first + done));
  std::atomic<size_t> next{0};
  std::atomic<bool> whole{true};
  const auto decode = [&] {
    ChunkDecoder decoder(chunk_, columns_.size());
    for (size_t c = next++; c < chunks.size(); c = next++) {
      if (!decoder.decode(chunks[c])) whole = false;
      const hsize_t done = c * chunk_, here = std::min(chunk_, count - done);
      for (size_t k = 0; k < which.size(); ++k)
        decoder.column(which[k], std::span(cells[k]).subspan(done, here));
    }
  };
  const size_t worth = count / rows_per_thread;  // the system is asked for its cores only then
  std::vector<std::jthread> others(
      worth == 0 ? 0 : std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()) - 1, worth));
  for (std::jthread& other : others) other = std::jthread(decode);
  decode();
  others.clear();  // joined
  check(whole, "{}: rows cannot be read", path_);
  return cells;
}

std::vector<Cells> CompressedColumns::newest(const std::vector<size_t>& which) const {
  const size_t width = columns_.size();
  std::vector<Cells> cells(which.size(), Cells(chunk_));
  for (size_t k = 0; k < which.size(); ++k)
    for (size_t i = 0; i < chunk_; ++i) cells[k][i] = newest_[i * width + which[k]];
  return cells;
}

std::vector<Cells> CompressedColumns::all(const std::vector<size_t>& which) const {
  std::vector<Cells> cells = read(which, 0, rows_);
  const std::vector<Cells> end = newest(which);
  for (size_t k = 0; k < which.size(); ++k) cells[k].insert(cells[k].end(), end[k].begin(), end[k].end());
  return cells;
}

}  // namespace core::h5
