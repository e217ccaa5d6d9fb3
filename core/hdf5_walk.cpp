// A walk over a file of any contents.
#include <algorithm>

#include "core/error.h"
#include "core/hdf5_objects.h"
#include "core/look_over.h"

namespace core::h5 {

namespace {

constexpr size_t most_met = 20'000, deepest = 16;       // objects and groups in groups: cycles end there
constexpr hsize_t at_once = 1 << 18, in_all = 1 << 22;  // bytes of data
constexpr hsize_t longest_chunk = 16 << 20;             // bytes; read whole for a single row

class Walk {
 public:
  explicit Walk(const File& file) : file_(file) {}

  void group(const std::string& path, size_t depth) {
    attributes(path);
    for (const std::string& name : names([&] { return file_.children(path); })) {
      if (++met_ > most_met || depth > deepest) return;
      const std::string below = (path == "/" ? "" : path) + "/" + name;
      try {
        const Handle object(H5Oopen(file_.id(), below.c_str(), H5P_DEFAULT), H5Oclose);
        if (object >= 0 && H5Iget_type(object) == H5I_GROUP)
          group(below, depth + 1);
        else if (object >= 0)
          dataset(below);
      } catch (const Error&) {
        continue;
      }
    }
  }

 private:
  // None, where they cannot be listed.
  template <class List>
  static std::vector<std::string> names(List&& list) {
    try {
      return list();
    } catch (const Error&) {
      return {};
    }
  }

  void attributes(const std::string& path) const {
    for (const std::string& name : names([&] { return file_.attributes(path); })) try {
        file_.print(path, name);
      } catch (const Error&) {
        continue;
      }
  }

  void dataset(const std::string& path) {
    attributes(path);
    const Axes shape = file_.info(path).shape;
    const Handle data = opened(file_, path), type(H5Dget_type(data), H5Tclose);
    H5Dget_storage_size(data);  // goes through the index of its chunks
    hsize_t row = H5Tget_size(type);
    for (size_t axis = 1; axis < shape.size(); ++axis) row *= shape[axis];
    const hsize_t rows = shape.empty() ? 1 : shape[0];
    if (row == 0 || row > at_once || rows == 0 || chunk_bytes(data, type) > longest_chunk) return;
    const hsize_t some = std::min(rows, std::max<hsize_t>(1, at_once / row));
    rows_of(data, type, shape, 0, some, row);
    if (some < rows) rows_of(data, type, shape, rows - some, some, row);
  }

  static hsize_t chunk_bytes(hid_t data, hid_t type) {
    const Handle how(H5Dget_create_plist(data), H5Pclose);
    Axes chunk(H5S_MAX_RANK);
    const int rank = H5Pget_layout(how) == H5D_CHUNKED ? H5Pget_chunk(how, H5S_MAX_RANK, chunk.data()) : 0;
    hsize_t bytes = H5Tget_size(type);
    for (int axis = 0; axis < rank; ++axis) bytes *= chunk[static_cast<size_t>(axis)];
    return bytes;
  }

  void rows_of(hid_t data, hid_t type, const Axes& shape, hsize_t first, hsize_t rows, hsize_t row) {
    if ((read_ += rows * row) > in_all) return;
    const auto [in_file, memory] = block_of(data, shape, first, rows);
    std::vector<uint8_t> bytes(rows * row);
    const bool held = H5Dread(data, type, memory, in_file, H5P_DEFAULT, bytes.data()) >= 0;
    if (held && H5Tdetect_class(type, H5T_VLEN) > 0) H5Dvlen_reclaim(type, memory, H5P_DEFAULT, bytes.data());
  }

  const File& file_;
  size_t met_ = 0;
  hsize_t read_ = 0;  // bytes
};

}  // namespace

void walk(const File& file) { Walk(file).group("/", 0); }

}  // namespace core::h5
