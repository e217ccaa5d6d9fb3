// HDF5 with owners: a file, groups, attributes, whole arrays and tables that grow. Errors name the file and
// the object.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/journal.h"

namespace core::h5 {

// Owns one identifier of any class.
class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() { close(); }
  // What is written on the way may fail: negative then.
  herr_t close() { return id_ >= 0 ? close_(std::exchange(id_, -1)) : 0; }
  operator hid_t() const { return id_; }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

template <class T>
hid_t native_type();  // float, double, uint8_t, int32_t, int64_t, uint64_t
template <>
hid_t native_type<float>();
template <>
hid_t native_type<double>();
template <>
hid_t native_type<uint8_t>();
template <>
hid_t native_type<int32_t>();
template <>
hid_t native_type<int64_t>();
template <>
hid_t native_type<uint64_t>();

// An axis of any length, where a shape is expected.
inline constexpr hsize_t any = H5S_UNLIMITED;
using Axes = std::vector<hsize_t>;

struct Info {  // of a dataset
  Axes shape;
  std::string dtype;  // "float32", "int64", "compound", ...
};

// How what is written reaches a file: as libhdf5 gets to it, or, where it grows in its place, all that was
// written between two flushes together, through a journal.
enum class Writing { plain, journaled };

// Plain files that open in any tool while being written and after SIGKILL: bounds earliest..v108, locking
// off. Whatever is read may be broken or made to break its reader: objects are found by hard links alone,
// and each read states kind, axes and elements, which are looked over before anything is allocated.
class File {
 public:
  static File create(const std::filesystem::path& path, Writing writing = Writing::plain);
  static File open(const std::filesystem::path& path, bool writable = false,
                   Writing writing = Writing::plain);
  // Error where a journal stands beside the file that was written to follow another one, or an older state.
  static void require_own_journal(const std::filesystem::path& path);
  // Waits for a writer in the middle of a flush, as read_live does.
  static File open_live(const std::filesystem::path& path);

  const std::string& name() const { return name_; }
  hid_t id() const { return file_; }
  // Whether nobody is in the midst of a flush, so that what was read since the last yes is one state but for
  // flushes that came and went; a journal that this reads through stands for the flush that it holds.
  bool is_steady() const;
  bool is_writable() const;
  void flush();
  void close();                              // for good; Error where what was written last cannot be
  void make_group(const std::string& path);  // parents too

  bool exists(const std::string& path) const;
  std::vector<std::string> children(
      const std::string& group) const;  // names, alphabetical; empty of what is no group
  std::vector<std::string> datasets(const std::string& group) const;  // paths of all below it
  Info info(const std::string& dataset) const;
  Axes shape(const std::string& dataset, const Axes& expected) const;  // Error where it is another

  // Text, whole and real numbers on an object ("/" is the file); written again they are replaced.
  void set(const std::string& object, const std::string& attribute, const std::string& text);
  void set(const std::string& object, const std::string& attribute, double number);
  void set(const std::string& object, const std::string& attribute, int64_t number);
  void set(const std::string& object, const std::string& attribute, uint64_t number);
  bool has(const std::string& object, const std::string& attribute) const;
  std::string text(const std::string& object, const std::string& attribute) const;
  double number(const std::string& object, const std::string& attribute) const;
  int64_t whole(const std::string& object, const std::string& attribute) const;
  std::string print(const std::string& object,
                    const std::string& attribute) const;                 // text, or a number as text
  std::vector<std::string> attributes(const std::string& object) const;  // names, alphabetical

  // Whole arrays, each with the CRC-32 of its bytes, which a read compares; parent groups are made as needed.
  void write(const std::string& dataset, const void* data, hid_t type, const Axes& shape);
  template <class T>
  void write(const std::string& dataset, std::span<const T> data, const Axes& shape) {
    write(dataset, data.data(), native_type<T>(), shape);
  }
  void read(const std::string& dataset, void* data, hid_t type, const Axes& expected) const;
  template <class T>
  std::vector<T> read(const std::string& dataset, const Axes& expected = {any}) const {
    const Axes held = shape(dataset, expected);
    std::vector<T> data(elements(dataset, sizeof(T)));
    read(dataset, data.data(), native_type<T>(), held);
    return data;
  }
  void write_text(const std::string& dataset, const std::string& text);
  std::string read_text(const std::string& dataset) const;
  size_t count(const std::string& dataset) const;                  // elements
  size_t elements(const std::string& dataset, size_t item) const;  // as many, if memory has room for them

  // Says in attributes of the file what all names, kinds, checksums and attributes come to, and what has no
  // checksum; Error where the first do not come to that any more. A file that was not sealed passes.
  void seal();
  void check_seal() const;
  bool is_sealed() const;
  // Reads all that has no checksum of its own; Error where that is not what was sealed.
  void check_contents() const;
  // The same where a file is always sealed that has a checksum in it.
  void require_seal() const;
  void unseal();                                       // of what is to be changed
  void check_whole(const std::string& dataset) const;  // Error where its bytes are not those written

 private:
  void check_checksum(const std::string& dataset, uint32_t found) const;
  uint32_t sum_of(const std::string& dataset) const;  // CRC-32 of its bytes
  uint32_t contents() const;

  File(std::string name, Handle file, std::optional<JournalMark> journal = {})
      : name_(std::move(name)), file_(std::move(file)), journal_(journal) {}
  static bool is_whole_alone(const std::filesystem::path& path);

  std::string name_;
  Handle file_;
  std::optional<JournalMark> journal_;  // of the one that stood beside it as it was opened
};

// A dataset that grows along its first axis: rows of `type`, each of shape `row` ({} for scalars and
// compounds).
class ResizableDataset {
 public:
  ResizableDataset() = default;
  // Creates it empty (chunk_rows rows a chunk, deflate 0..9) or, when it exists already, opens it at its end.
  ResizableDataset(File& file, const std::string& path, hid_t type, std::vector<hsize_t> row,
                   hsize_t chunk_rows, int deflate = 0);
  hsize_t rows() const { return rows_; }
  void append(const void* data, hsize_t rows);
  void read(hsize_t first, hsize_t rows, void* data) const;
  void truncate(hsize_t rows);  // keeps the first `rows`

 private:
  std::string path_;
  Handle dataset_, type_;
  std::vector<hsize_t> row_;
  hsize_t rows_ = 0;
};

// Why the system does not let a file be read (errno), such as too many that are open; 0: it does.
int refused_by_system(const std::filesystem::path& path);
bool is_seal(const std::string& attribute);  // of the root, which says nothing of the run
// The dataset, found by hard links alone; Error where there is none, or its bytes lie in another file.
Handle opened(const File& file, const std::string& dataset);
// An attribute that is a single value.
Handle opened_attribute(const File& file, const std::string& object, const std::string& attribute);

// Waits 20 ms for the writer of a file that could not be read; false when that was done a hundred times
// already, the file was not written for 10 s, or there is none.
bool wait_for_writer(const std::filesystem::path& path, int attempt);

// read(file) of a file that may be in the middle of a write: after an error it is opened anew, for 2 s at
// most; then the error is reported.
template <class Read>
auto read_live(const std::filesystem::path& path, Read&& read) {
  for (int attempt = 0;; ++attempt) {
    try {
      return read(File::open(path));
    } catch (const Error&) {
      if (!wait_for_writer(path, attempt)) throw;
    }
  }
}

}  // namespace core::h5
