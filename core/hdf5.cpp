#include "core/hdf5.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "core/error.h"
#include "core/hdf5_journaled.h"
#include "core/hdf5_objects.h"
#include "core/journal.h"
#include "core/look_over.h"
#include "core/path.h"

namespace core::h5 {

template <>
hid_t native_type<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
hid_t native_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t native_type<uint8_t>() {
  return H5T_NATIVE_UINT8;
}
template <>
hid_t native_type<int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t native_type<int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
hid_t native_type<uint64_t>() {
  return H5T_NATIVE_UINT64;
}

namespace {

// The library must not print its own stack of errors: ours name the file and the object.
void quiet() {
  static const herr_t once = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(once);
}

Handle file_access(Writing writing) {
  quiet();
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  if (writing == Writing::journaled) H5Pset_driver(access, journaled_driver(), nullptr);
  H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
  H5Pset_file_locking(access, false, true);
  return access;
}

}  // namespace

Handle owned(hid_t id, herr_t (*close)(hid_t), const std::string& file, const char* what,
             const std::string& name) {
  if (id < 0) throw Error(fmt::format("{}: cannot {} '{}'", file, what, name), Exit::failed);
  return {id, close};
}

void succeeded(herr_t status, const std::string& file, const char* what, const std::string& name) {
  if (status < 0)
    throw Error(fmt::format("{}: cannot {} '{}' ({})", file, what, name, taken_reason()), Exit::failed);
}

static Handle make_parents() {
  Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  return links;
}

static Handle space_of(const std::vector<hsize_t>& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose};
}

Handle text_type(size_t size) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, std::max<size_t>(size, 1));
  H5Tset_cset(type, H5T_CSET_UTF8);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  return type;
}

// What was there goes first, and the new file is opened exclusively: a link is not followed.
File File::create(const std::filesystem::path& path, Writing writing) {
  std::error_code gone;
  const auto there = std::filesystem::symlink_status(path, gone);
  if (std::filesystem::is_regular_file(there) || std::filesystem::is_symlink(there))
    std::filesystem::remove(path, gone);
  std::filesystem::remove(journal_of(path), gone);
  const Handle access = file_access(writing);
  errno = 0;
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, access), H5Fclose);
  if (file < 0)
    throw Error(fmt::format("{}: cannot be created ({})", path.string(),
                            errno != 0 ? std::strerror(errno) : "folder missing or not writable?"));
  made_here(path);
  return {path.string(), std::move(file)};
}

int refused_by_system(const std::filesystem::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return errno;
  ::close(opened);
  return 0;
}

// What the system refuses is no fault of the file.
static void require_access(const std::filesystem::path& path, bool writable) {
  if (const int why = refused_by_system(path))
    fail("{}: cannot be read ({})", path.string(), std::strerror(why));
  if (writable && ::access(path.c_str(), W_OK) != 0)
    fail("{}: cannot be written ({})", path.string(), std::strerror(errno));
}

// A run that has ended, all of which is there, as a reader finds it that knows of no journal.
bool File::is_whole_alone(const std::filesystem::path& path) {
  const Handle access = file_access(Writing::plain);
  H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  Handle held(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
  if (held < 0) return false;
  try {
    const File file(path.string(), std::move(held));
    if (!file.is_sealed()) return false;
    file.check_seal();
    file.check_contents();
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Another file's, or an older one, would spoil it. A disk that lost its power may have torn a page of the
// file of a run that was going on; one that ended has none.
void File::require_own_journal(const std::filesystem::path& path) {
  const std::optional<Journal> journal = read_journal(path);
  if (!journal) return;
  const Followed pages = followed(*journal, path);
  const bool torn = pages.otherwise <= 1 || journal->before.empty();
  check(pages.otherwise == 0 || (torn && !is_whole_alone(path)),
        "{}: was not written to follow {} as it is: take it away, or bring the file that it belongs to",
        journal_of(path).string(), path.filename().string());
}

// What its writer left behind in a journal belongs to it: a writer takes it in, a reader reads through it.
File File::open(const std::filesystem::path& path, bool writable, Writing writing) {
  require_file(path, "an HDF5 file");
  require_access(path, writable);
  if (writable) require_own(path);
  look_over(path);
  const bool left = std::filesystem::exists(journal_of(path));
  if (left) require_own_journal(path);
  if (writable) roll_forward(path);
  const auto journal = left ? journal_mark(path) : std::nullopt;
  const Handle access = file_access(journal ? Writing::journaled : writing);
  if (!writable) H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  errno = 0;
  Handle file(H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access), H5Fclose);
  check(file >= 0 || (errno != EMFILE && errno != ENFILE), "{}: cannot be opened ({})", path.string(),
        std::strerror(errno));
  check(file >= 0, "{}: is not a whole HDF5 file (truncated, foreign or being written)", path.string());
  return {path.string(), std::move(file), journal};
}

static bool is_younger(const std::filesystem::path& path, std::chrono::milliseconds age) {
  std::error_code gone;
  const auto written = std::filesystem::last_write_time(path, gone);
  return !gone && std::filesystem::file_time_type::clock::now() - written < age;
}

// However long a journal stands, its writer may be slow or dead: both leave the pages that this reads
// through.
bool File::is_steady() const { return journal_mark(name_) == journal_; }

bool File::is_writable() const {
  unsigned intent = H5F_ACC_RDONLY;
  return H5Fget_intent(file_, &intent) >= 0 && (intent & H5F_ACC_RDWR) != 0;
}

File File::open_live(const std::filesystem::path& path) {
  return read_live(path, [](File file) { return file; });
}

bool wait_for_writer(const std::filesystem::path& path, int attempt) {
  constexpr std::chrono::seconds rest(10);  // or gone
  const bool at_rest = !is_younger(path, rest) && !is_younger(journal_of(path), rest);
  // Nor is one waited for whose file may not be read.
  if (attempt == 100 || at_rest || ::access(path.c_str(), R_OK) != 0) return false;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return true;
}

void File::flush() { succeeded(H5Fflush(file_, H5F_SCOPE_GLOBAL), name_, "flush", "/"); }

void File::close() { succeeded(file_.close(), name_, "close", "/"); }

void File::make_group(const std::string& path) {
  const Handle links = make_parents();
  const Handle made = owned(H5Gcreate2(file_, path.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, name_,
                            "create", path);
}

static void set_attribute(hid_t file, const std::string& name, const std::string& object,
                          const std::string& attribute, hid_t type, const void* data) {
  const Handle target = owned(H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose, name, "open", object);
  if (H5Aexists(target, attribute.c_str()) > 0) {
    // In place where the type allows: a process that is killed in between leaves no file without the
    // attribute.
    const Handle old =
        owned(H5Aopen(target, attribute.c_str(), H5P_DEFAULT), H5Aclose, name, "open", attribute);
    const Handle held(H5Aget_type(old), H5Tclose);
    if (H5Tequal(held, type) > 0)
      return succeeded(H5Awrite(old, type, data), name, "write attribute", attribute);
    H5Adelete(target, attribute.c_str());
  }
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle made = owned(H5Acreate2(target, attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                            H5Aclose, name, "create attribute", attribute);
  succeeded(H5Awrite(made, type, data), name, "write attribute", attribute);
}

void File::set(const std::string& object, const std::string& attribute, const std::string& text) {
  set_attribute(file_, name_, object, attribute, text_type(text.size()), text.data());
}
void File::set(const std::string& object, const std::string& attribute, double number) {
  set_attribute(file_, name_, object, attribute, H5T_NATIVE_DOUBLE, &number);
}
void File::set(const std::string& object, const std::string& attribute, int64_t number) {
  set_attribute(file_, name_, object, attribute, H5T_NATIVE_INT64, &number);
}
void File::set(const std::string& object, const std::string& attribute, uint64_t number) {
  set_attribute(file_, name_, object, attribute, H5T_NATIVE_UINT64, &number);
}

void File::write(const std::string& dataset, const void* data, hid_t type,
                 const std::vector<hsize_t>& shape) {
  const Handle links = make_parents();
  const Handle space = space_of(shape);
  Handle made = owned(H5Dcreate2(file_, dataset.c_str(), type, space, links, H5P_DEFAULT, H5P_DEFAULT),
                      H5Dclose, name_, "create", dataset);
  succeeded(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), name_, "write", dataset);
  succeeded(made.close(), name_, "write", dataset);  // small ones are written only now
  size_t bytes = H5Tget_size(type);
  for (const hsize_t d : shape) bytes *= d;
  set(dataset, checksum, int64_t{crc32_of(data, bytes)});
}

void File::write_text(const std::string& dataset, const std::string& text) {
  write(dataset, text.empty() ? "" : text.data(), text_type(text.size()), {});
}

static Handle growing_properties(const std::vector<hsize_t>& row, hsize_t chunk_rows, int deflate) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  std::vector<hsize_t> chunk{chunk_rows};
  chunk.insert(chunk.end(), row.begin(), row.end());
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  if (deflate > 0)
    H5Pset_deflate(properties, static_cast<unsigned>(deflate));  // with zlib's own checksum
  else
    H5Pset_fletcher32(properties);
  return properties;
}

static Handle opened_growing(const File& file, const std::string& path, hid_t type, const Axes& row) {
  Axes expected{any};
  expected.insert(expected.end(), row.begin(), row.end());
  file.shape(path, expected);
  Handle dataset = opened(file, path);
  const Handle held(H5Dget_type(dataset), H5Tclose);
  check(H5Tget_class(held) == H5Tget_class(type), "{}: '{}' holds {}, expected {}", file.name(), path,
        dtype_of(held), dtype_of(type));
  return dataset;
}

ResizableDataset::ResizableDataset(File& file, const std::string& path, hid_t type, std::vector<hsize_t> row,
                                   hsize_t chunk_rows, int deflate)
    : path_(file.name() + ": " + path), type_(H5Tcopy(type), H5Tclose), row_(std::move(row)) {
  if (file.exists(path)) {
    dataset_ = opened_growing(file, path, type, row_);
    rows_ = shape_of(dataset_)[0];
    return;
  }
  std::vector<hsize_t> shape{0}, limit{H5S_UNLIMITED};
  shape.insert(shape.end(), row_.begin(), row_.end());
  limit.insert(limit.end(), row_.begin(), row_.end());
  const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), limit.data()), H5Sclose);
  const Handle links = make_parents();
  const Handle properties = growing_properties(row_, chunk_rows, deflate);
  dataset_ = owned(H5Dcreate2(file.id(), path.c_str(), type, space, links, properties, H5P_DEFAULT), H5Dclose,
                   file.name(), "create", path);
}

static std::pair<Handle, Handle> rows_of(hid_t dataset, const std::vector<hsize_t>& row, hsize_t first,
                                         hsize_t rows) {
  std::vector<hsize_t> start(row.size() + 1, 0), size{rows};
  start[0] = first;
  size.insert(size.end(), row.begin(), row.end());
  Handle file_space(H5Dget_space(dataset), H5Sclose);
  H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  Handle memory(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose);
  return {std::move(memory), std::move(file_space)};
}

void ResizableDataset::append(const void* data, hsize_t rows) {
  if (rows == 0) return;
  std::vector<hsize_t> shape{rows_ + rows};
  shape.insert(shape.end(), row_.begin(), row_.end());
  succeeded(H5Dset_extent(dataset_, shape.data()), path_, "extend", "rows");
  const auto [memory, file_space] = rows_of(dataset_, row_, rows_, rows);
  succeeded(H5Dwrite(dataset_, type_, memory, file_space, H5P_DEFAULT, data), path_, "append", "rows");
  rows_ += rows;
}

void ResizableDataset::read(hsize_t first, hsize_t rows, void* data) const {
  if (rows == 0) return;
  check(first <= rows_ && rows <= rows_ - first, "{}: has {} rows, expected {} from row {} on", path_, rows_,
        rows, first);
  require_chunks(dataset_, path_, first, rows);
  const auto [memory, file_space] = rows_of(dataset_, row_, first, rows);
  check(H5Dread(dataset_, type_, memory, file_space, H5P_DEFAULT, data) >= 0, "{}: rows cannot be read",
        path_);
}

void ResizableDataset::truncate(hsize_t rows) {
  std::vector<hsize_t> shape{rows};
  shape.insert(shape.end(), row_.begin(), row_.end());
  succeeded(H5Dset_extent(dataset_, shape.data()), path_, "shorten", "rows");
  rows_ = rows;
}

}  // namespace core::h5
