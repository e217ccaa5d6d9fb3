// A table that grows, of columns of eight bytes. Full chunks of rows are compressed (shuffle and deflate) and
// never written again. The newest rows lie plain in a dataset of their own, which is written over in its
// place: were they compressed, they would move with every flush, and whoever reads the live file, or the file
// of a process killed in between, would find something else where the index says they are.
#pragma once

#include <string>
#include <vector>

#include "core/chunk_filters.h"
#include "core/hdf5.h"

namespace core::h5 {

struct Column {
  std::string name;
  bool real = true;  // float64, else int64
};
Handle row_type(const std::vector<Column>& columns);  // a compound of cells

// Where the two datasets are.
struct TablePaths {
  std::string rows, newest;
};

class CompressedTable {
 public:
  CompressedTable() = default;
  // The more rows a chunk has, the fewer bytes a row takes: up to 4,000, where equal columns that stand side
  // by side are still within deflate's 32 KiB of each other.
  CompressedTable(File& file, const TablePaths& paths, const std::vector<Column>& columns,
                  hsize_t chunk_rows);
  // One that is there already, of whose compressed rows the first `keep` stay. Nothing is written before
  // settle().
  CompressedTable(File& file, const TablePaths& paths, hsize_t keep);
  void settle();
  void clear();

  hsize_t rows() const { return rows_ + filled_; }
  // Bits of the newest row, which may be changed until another one is begun.
  uint64_t* last() { return newest_.data() + (filled_ - 1) * width_; }
  uint64_t* begin_row();  // a new one
  void changed() { stale_ = true; }
  void write();  // the newest rows to the file; File::flush is still to come
  void seal();   // compresses them too: no row is to come
 private:
  void compress(hsize_t rows);
  void extend();
  void give_back();

  std::string path_;
  hid_t file_ = -1;
  Handle dataset_, newest_dataset_, type_;
  size_t width_ = 0;               // columns
  hsize_t chunk_ = 0;              // rows
  hsize_t rows_ = 0, filled_ = 0;  // compressed ones, newest ones
  hsize_t written_ = 0;            // behind which the file's newest rows are zeros
  Cells newest_;                   // one chunk
  bool stale_ = false;             // the file has older ones
  bool moved_ = false;             // rows were compressed that the file does not have yet
};

// Reads columns (by number) of such a table.
class CompressedColumns {
 public:
  CompressedColumns(const File& file, const TablePaths& paths);

  const std::vector<Column>& columns() const { return columns_; }
  hsize_t rows() const { return rows_; }  // compressed ones
  hsize_t chunk_rows() const { return chunk_; }
  // Of compressed rows, from a chunk's first one on.
  std::vector<Cells> read(const std::vector<size_t>& which, hsize_t first, hsize_t count) const;
  // Of the dataset of the newest rows: after them stands what was there before, or zeros.
  std::vector<Cells> newest(const std::vector<size_t>& which) const;
  // Of all, one after another.
  std::vector<Cells> all(const std::vector<size_t>& which) const;

 private:
  void look_for_chunks(const File& file, const TablePaths& paths);
  void read_in_one_state(const File& file, const TablePaths& paths);
  void check_chunks() const;
  Bytes stored(hsize_t first) const;

  std::string path_;
  Handle dataset_;
  std::vector<Column> columns_;
  Cells newest_;  // one chunk of rows
  hsize_t rows_ = 0, chunk_ = 0;
};

}  // namespace core::h5
