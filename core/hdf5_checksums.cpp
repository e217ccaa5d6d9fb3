// Checksums: of each dataset that is written whole, and of all that a file says beside them.
#include <libdeflate.h>

#include <algorithm>

#include "core/error.h"
#include "core/hdf5_objects.h"

namespace core::h5 {

static constexpr const char* seal_name = "seal";
static constexpr int64_t open_to_changes = 0;  // in the place of a seal
// Of what has no checksum of its own: what grew, as it stood when it was sealed.
static constexpr const char* contents_name = "contents";

bool is_seal(const std::string& attribute) { return attribute == seal_name || attribute == contents_name; }

uint32_t crc32_of(const void* data, size_t bytes) {
  return bytes == 0 ? 0 : libdeflate_crc32(0, data, bytes);
}

static uint32_t crc32_of(uint32_t before, const std::string& text) {
  return libdeflate_crc32(before, text.data(), text.size());
}

// The text by which a seal tells a kind: a seal of before (below `layouts`) was over names alone, and could
// not see one changed bit in the order of a number's bytes or in the name of a column.
using Kind = std::string (*)(hid_t type);
static constexpr int64_t layouts = int64_t{1} << 32;

// Attributes as they print, the seal and those that are arrays aside.
static uint32_t attributes_of(const File& file, const std::string& object, Kind kind, uint32_t sum) {
  for (const auto& name : file.attributes(object)) {
    const Handle found = opened_attribute(file, object, name), type(H5Aget_type(found), H5Tclose);
    if (object == "/" && name == seal_name) continue;
    std::string bytes(H5Tget_size(type), '\0');
    check(H5Tis_variable_str(type) <= 0 && H5Aread(found, type, bytes.data()) >= 0,
          "{}: attribute '{}' cannot be read", file.name(), name);
    sum = crc32_of(sum, object + ' ' + name + ' ' + kind(type) + ' ' + bytes + '\n');
  }
  return sum;
}

// How its bytes become rows: the sides of chunks, and filters with what they are told.
static std::string storage_of(hid_t dataset) {
  const Handle how(H5Dget_create_plist(dataset), H5Pclose);
  std::string text = fmt::format("; layout {}", static_cast<int>(H5Pget_layout(how)));
  Axes chunk(H5S_MAX_RANK);
  const int rank = H5Pget_layout(how) == H5D_CHUNKED ? H5Pget_chunk(how, H5S_MAX_RANK, chunk.data()) : 0;
  for (int axis = 0; axis < rank; ++axis) text += fmt::format(" {}", chunk[static_cast<size_t>(axis)]);
  for (unsigned k = 0; k < static_cast<unsigned>(std::max(0, H5Pget_nfilters(how))); ++k) {
    unsigned flags = 0, told[16] = {};
    size_t values = std::size(told);
    const H5Z_filter_t filter = H5Pget_filter2(how, k, &flags, &values, told, 0, nullptr, nullptr);
    text += fmt::format("; filter {} {}", filter, flags);
    for (size_t v = 0; v < std::min(values, std::size(told)); ++v) text += fmt::format(" {}", told[v]);
  }
  return text;
}

static std::string layout_of_dataset(const File& file, const std::string& path, Kind kind) {
  if (kind == dtype_of) return file.info(path).dtype;
  const Handle data = opened(file, path), type(H5Dget_type(data), H5Tclose);
  return kind(type) + storage_of(data);
}

static uint32_t names_of(const File& file, Kind kind) {
  uint32_t sum = attributes_of(file, "/", kind, 0);
  for (const auto& group : file.children("/")) sum = attributes_of(file, "/" + group, kind, sum);
  for (const auto& path : file.datasets("/")) {
    sum = crc32_of(sum, path + ' ' + layout_of_dataset(file, path, kind) + '\n');
    for (const hsize_t d : file.info(path).shape) sum = crc32_of(sum, std::to_string(d) + '\n');
    sum = attributes_of(file, path, kind, sum);
  }
  return sum;
}

uint32_t File::contents() const {
  uint32_t sum = 0;
  for (const auto& path : datasets("/"))
    if (!has(path, checksum)) sum = crc32_of(sum, fmt::format("{} {}\n", path, sum_of(path)));
  return sum;
}

void File::seal() {
  set("/", contents_name, int64_t{contents()});
  set("/", seal_name, layouts | int64_t{names_of(*this, layout_of)});
}

bool File::is_sealed() const { return has("/", seal_name) && whole("/", seal_name) != open_to_changes; }

void File::check_seal() const {
  check(is_sealed() || !has("/", contents_name),
        "{}: is damaged: its seal is gone, and what goes with it is there; take a copy of it from elsewhere",
        name_);
  if (!is_sealed()) return;
  const int64_t held = whole("/", seal_name);
  const bool right = held < layouts ? held == int64_t{names_of(*this, dtype_of)}
                                    : held == (layouts | int64_t{names_of(*this, layout_of)});
  check(right,
        "{}: is damaged: names, shapes or attributes are not those that were written; take a copy of it from "
        "elsewhere, or make it anew",
        name_);
}

void File::check_contents() const {
  if (!is_sealed() || !has("/", contents_name)) return;
  check(
      whole("/", contents_name) == int64_t{contents()},
      "{}: is damaged: what grew with the run is not what stood there when it ended; take a copy of it from "
      "elsewhere",
      name_);
}

void File::require_seal() const {
  check_seal();
  for (const auto& path : is_sealed() ? std::vector<std::string>{} : datasets("/"))
    check(
        !has(path, checksum),
        "{}: is damaged: its datasets have checksums, and the seal over their names and shapes is gone; take "
        "a copy of it from elsewhere, or make it anew",
        name_);
}

// The seal stays where it is, so that a header that is cut off cannot take it away with all that came later.
void File::unseal() {
  if (has("/", contents_name)) check(H5Adelete(id(), contents_name) >= 0, "{}: cannot be written to", name_);
  set("/", seal_name, open_to_changes);
}

void File::check_checksum(const std::string& dataset, uint32_t found) const {
  check(whole(dataset, checksum) == int64_t{found},
        "{}: '{}' is damaged: what it holds is not what was written (its checksum says so); take a copy of "
        "the file from elsewhere, or make it anew",
        name_, dataset);
}

std::pair<Handle, Handle> block_of(hid_t dataset, const Axes& shape, hsize_t first, hsize_t rows) {
  Handle in_file(H5Dget_space(dataset), H5Sclose);
  if (shape.empty()) return {std::move(in_file), Handle(H5Screate(H5S_SCALAR), H5Sclose)};
  Axes start(shape.size(), 0), size = shape;
  start[0] = first;
  size[0] = rows;
  H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  return {std::move(in_file),
          Handle(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose)};
}

// A filter of the dataset's own, where it has one, looks at each chunk as it is read.
uint32_t File::sum_of(const std::string& dataset) const {
  constexpr hsize_t most = 16 << 20;  // bytes at a time
  const Axes shape = info(dataset).shape;
  const Handle found = opened(*this, dataset), type(H5Dget_type(found), H5Tclose);
  if (H5Tis_variable_str(type) > 0 || H5Tget_class(type) == H5T_VLEN) return 0;
  hsize_t row = H5Tget_size(type);
  for (size_t axis = 1; axis < shape.size(); ++axis) row *= shape[axis];
  if (row == 0) return 0;
  const hsize_t all = shape.empty() ? 1 : shape[0], step = std::max<hsize_t>(1, most / row);
  std::vector<uint8_t> bytes(std::min(all, step) * row);
  uint32_t sum = 0;
  for (hsize_t first = 0; first < all; first += step) {
    const hsize_t rows = std::min(step, all - first);
    require_chunks(found, name_ + ": '" + dataset + "'", first, rows);
    const auto [in_file, memory] = block_of(found, shape, first, rows);
    check(H5Dread(found, type, memory, in_file, H5P_DEFAULT, bytes.data()) >= 0,
          "{}: '{}' is damaged: it cannot be read", name_, dataset);
    sum = libdeflate_crc32(sum, bytes.data(), rows * row);
  }
  return sum;
}

void File::check_whole(const std::string& dataset) const {
  const uint32_t sum = sum_of(dataset);
  if (has(dataset, checksum)) check_checksum(dataset, sum);
}

}  // namespace core::h5
