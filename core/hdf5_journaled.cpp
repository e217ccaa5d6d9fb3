#include "core/hdf5_journaled.h"

#if __has_include(<H5FDdevelop.h>)  // since 1.14 the drivers' own part of libhdf5's headers
#include <H5FDdevelop.h>
#endif
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <tuple>
#include <utility>

#include "core/journaled_file.h"

namespace core::h5 {

namespace {

constexpr haddr_t most = haddr_t{1} << 62;  // bytes

struct Opened : H5FD_t {
  Opened(const char* name, int descriptor) : H5FD_t{}, file(name, descriptor) {}
  JournaledFile file;
  haddr_t allocated = 0;  // libhdf5's "end of the addresses"
};

JournaledFile& file_of(H5FD_t* opened) { return static_cast<Opened*>(opened)->file; }
const JournaledFile& file_of(const H5FD_t* opened) { return static_cast<const Opened*>(opened)->file; }
herr_t status(bool success) { return success ? 0 : -1; }

thread_local int refused = 0;  // errno of the latest commit that failed

herr_t committed(JournaledFile& file) {
  if (file.commit()) return 0;
  refused = errno;
  return -1;
}

// As libhdf5 asks: may not exist yet, may not exist at all before.
int flags_of(unsigned asked) {
  int flags = O_CLOEXEC | ((asked & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY);
  if ((asked & H5F_ACC_CREAT) != 0) flags |= O_CREAT;
  if ((asked & H5F_ACC_EXCL) != 0) flags |= O_EXCL;
  if ((asked & H5F_ACC_TRUNC) != 0) flags |= O_TRUNC;
  return flags;
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t /*access*/, haddr_t /*most*/) {
  const int descriptor = ::open(name, flags_of(flags), 0666);
  return descriptor < 0 ? nullptr : new Opened(name, descriptor);
}

// What a close writes after its flush is committed, too.
herr_t close_file(H5FD_t* opened) {
  const std::unique_ptr<Opened> owned(static_cast<Opened*>(opened));
  return committed(owned->file);
}

// Whether two are the same file, so that libhdf5 shares what it knows of it: 0 then.
int compare(const H5FD_t* a, const H5FD_t* b) {
  const auto place = [](const H5FD_t* opened) {
    struct stat state {};
    ::fstat(file_of(opened).descriptor(), &state);
    return std::tuple(state.st_dev, state.st_ino);
  };
  return place(a) == place(b) ? 0 : (place(a) < place(b) ? -1 : 1);
}

herr_t query(const H5FD_t* /*opened*/, unsigned long* features) {
  *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
              H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_POSIX_COMPAT_HANDLE |
              H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t allocated(const H5FD_t* opened, H5FD_mem_t /*kind*/) {
  return static_cast<const Opened*>(opened)->allocated;
}

herr_t allocate(H5FD_t* opened, H5FD_mem_t /*kind*/, haddr_t end) {
  static_cast<Opened*>(opened)->allocated = end;
  return 0;
}

haddr_t end_of_file(const H5FD_t* opened, H5FD_mem_t /*kind*/) { return file_of(opened).size(); }

herr_t descriptor(H5FD_t* opened, hid_t /*access*/, void** handle) {
  thread_local int last = -1;
  last = file_of(opened).descriptor();
  *handle = &last;
  return 0;
}

herr_t read(H5FD_t* opened, H5FD_mem_t /*kind*/, hid_t /*how*/, haddr_t at, size_t size, void* buffer) {
  if (at > most || size > most - at) return -1;
  return status(file_of(opened).read(at, {static_cast<std::byte*>(buffer), size}));
}

herr_t write(H5FD_t* opened, H5FD_mem_t /*kind*/, hid_t /*how*/, haddr_t at, size_t size,
             const void* buffer) {
  if (at > most || size > most - at) return -1;
  return status(file_of(opened).write(at, {static_cast<const std::byte*>(buffer), size}));
}

herr_t truncate(H5FD_t* opened, hid_t /*how*/, hbool_t /*closing*/) {
  file_of(opened).resize(static_cast<Opened*>(opened)->allocated);
  return 0;
}

herr_t flush(H5FD_t* opened, hid_t /*how*/, hbool_t closing) {
  return closing ? 0 : committed(file_of(opened));  // close_file() commits
}

// Later libhdf5 asks for a version of this table, and a number of the driver, of those that are anybody's.
template <class Table>
void say_version(Table& table) {
  if constexpr (requires { table.version = 1; }) table.version = 1;
  if constexpr (requires { table.value = 500; }) table.value = static_cast<decltype(table.value)>(500);
}

H5FD_class_t table_of_driver() {
  H5FD_class_t table{};
  say_version(table);
  table.name = "atelier-journaled";
  table.maxaddr = most;
  table.fc_degree = H5F_CLOSE_WEAK;
  table.open = open_file;
  table.close = close_file;
  table.cmp = compare;
  table.query = query;
  table.get_eoa = allocated;
  table.set_eoa = allocate;
  table.get_eof = end_of_file;
  table.get_handle = descriptor;
  table.read = read;
  table.write = write;
  table.flush = flush;
  table.truncate = truncate;
  constexpr H5FD_mem_t rooms[] = H5FD_FLMAP_DICHOTOMY;  // as libhdf5's own
  std::copy(std::begin(rooms), std::end(rooms), std::begin(table.fl_map));
  return table;
}

}  // namespace

std::string taken_reason() {
  const int reason = std::exchange(refused, 0);
  return reason != 0 ? std::strerror(reason) : "disk full?";
}

hid_t journaled_driver() {
  static const H5FD_class_t table = table_of_driver();
  static const hid_t driver = H5FDregister(&table);
  return driver;
}

}  // namespace core::h5
