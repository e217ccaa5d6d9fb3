// Reading, of files that may be broken or made to break their reader.
#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/hdf5_objects.h"
#include "core/memory.h"
#include "core/shown.h"

namespace core::h5 {

namespace {

constexpr double unwritten = 16 << 20;      // bytes that a file may declare before it has them
constexpr double deflates_to = 1100;        // bytes that one compressed byte may stand for: 1,032 of zlib
constexpr double most_chunk = 1 << 30;      // bytes of a chunk, which is read whole
constexpr size_t most_text = 1 << 20;       // bytes of a text in an attribute
constexpr size_t most_depth = 16;           // of groups in groups
constexpr size_t most_objects = 1'000'000;  // of a file, those that a cycle of groups repeats among them

double bytes_of(const Axes& axes, hid_t type) {
  double bytes = static_cast<double>(H5Tget_size(type));
  for (const hsize_t d : axes) bytes *= static_cast<double>(d);
  return bytes;
}

bool is_hard_link(hid_t file, const std::string& path) {
  H5L_info_t link;
  return H5Lexists(file, path.c_str(), H5P_DEFAULT) > 0 &&
         H5Lget_info(file, path.c_str(), &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD;
}

// Its bytes must lie in this file, in chunks that memory has room for.
void check_layout(hid_t dataset, const std::string& file, const std::string& path) {
  const Handle how(H5Dget_create_plist(dataset), H5Pclose), type(H5Dget_type(dataset), H5Tclose);
  const Handle space(H5Dget_space(dataset), H5Sclose);
  check(H5Sget_simple_extent_type(space) != H5S_NULL, "{}: '{}' holds nothing", file, path);
  const H5D_layout_t layout = H5Pget_layout(how);
  const bool inside = layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED;
  check(inside && H5Pget_external_count(how) == 0, "{}: the bytes of '{}' lie in another file", file, path);
  if (layout != H5D_CHUNKED) return;
  Axes chunk(H5S_MAX_RANK);
  const int rank = H5Pget_chunk(how, H5S_MAX_RANK, chunk.data());
  chunk.resize(static_cast<size_t>(std::max(0, rank)));
  check(bytes_of(chunk, type) <= most_chunk, "{}: a chunk of '{}' takes {}", file, path,
        print_bytes(static_cast<uint64_t>(bytes_of(chunk, type))));
}

// A short file may declare an enormous dataset.
void check_declared(hid_t dataset, hid_t file, const std::string& name, const std::string& path) {
  const Handle type(H5Dget_type(dataset), H5Tclose), how(H5Dget_create_plist(dataset), H5Pclose);
  const double declared = bytes_of(shape_of(dataset), type);
  if (H5Pget_layout(how) == H5D_COMPACT)  // libhdf5 copies as much as was declared
    check(declared <= static_cast<double>(H5Dget_storage_size(dataset)), "{}: '{}' holds less than it says",
          name, path);
  if (declared <= unwritten) return;
  hsize_t size = 0;
  H5Fget_filesize(file, &size);
  const auto stored = static_cast<double>(std::min(H5Dget_storage_size(dataset), size));
  const double most = unwritten + stored * (H5Pget_nfilters(how) > 0 ? deflates_to : 1);
  check(declared <= most, "{}: '{}' says that it holds {}, for which the file is too small", name, path,
        print_bytes(static_cast<uint64_t>(std::min(declared, 1e19))));
}

std::string axes_text(const Axes& axes) {
  std::string text = "[";
  for (const hsize_t d : axes)
    text += (text.size() > 1 ? ", " : "") + (d == any ? std::string("any") : std::to_string(d));
  return text + "]";
}

bool fits(const Axes& held, const Axes& expected) {
  return std::equal(held.begin(), held.end(), expected.begin(), expected.end(),
                    [](hsize_t is, hsize_t wanted) { return wanted == any || is == wanted; });
}

void collect_datasets(const File& file, const std::string& group, size_t depth, size_t& met,
                      std::vector<std::string>& paths) {
  check(depth <= most_depth, "{}: '{}' lies too deep, in more than {} groups", file.name(), group,
        most_depth);
  for (const auto& name : file.children(group)) {
    check(++met <= most_objects, "{}: holds more than {} objects, or a cycle of groups", file.name(),
          most_objects);
    const std::string path = (group == "/" ? "" : group) + "/" + name;
    const Handle object(H5Oopen(file.id(), path.c_str(), H5P_DEFAULT), H5Oclose);
    check(object >= 0, "{}: '{}' cannot be read", file.name(), path);
    if (H5Iget_type(object) == H5I_GROUP)
      collect_datasets(file, path, depth + 1, met, paths);
    else
      paths.push_back(path);
  }
}

}  // namespace

Axes shape_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  Axes shape(static_cast<size_t>(std::max(0, H5Sget_simple_extent_ndims(space))));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

Handle opened(const File& file, const std::string& path) {
  check(file.exists(path), "{}: has no '{}'", file.name(), path);
  Handle dataset(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  check(dataset >= 0, "{}: '{}' is no dataset that can be opened", file.name(), path);
  check_layout(dataset, file.name(), path);
  check_numbers(Handle(H5Dget_type(dataset), H5Tclose), file.name(), path);
  return dataset;
}

Handle opened_attribute(const File& file, const std::string& object, const std::string& attribute) {
  check(file.exists(object), "{}: has no '{}'", file.name(), object);
  Handle found(H5Aopen_by_name(file.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT),
               H5Aclose);
  check(found >= 0, "{}: '{}' has no attribute '{}'", file.name(), object, attribute);
  const Handle space(H5Aget_space(found), H5Sclose);
  check(H5Sget_simple_extent_npoints(space) == 1, "{}: attribute '{}' of '{}' is no single value",
        file.name(), attribute, object);
  check_numbers(Handle(H5Aget_type(found), H5Tclose), file.name(), attribute);
  return found;
}

bool File::exists(const std::string& path) const {
  if (path == "/") return true;
  for (size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    if (!is_hard_link(file_, path.substr(0, at))) return false;
    if (at == std::string::npos) return true;
  }
}

std::vector<std::string> File::children(const std::string& group) const {
  std::vector<std::string> names;
  if (!exists(group)) return names;
  const Handle object(H5Oopen(file_, group.c_str(), H5P_DEFAULT), H5Oclose);
  if (object >= 0 && H5Iget_type(object) != H5I_GROUP) return names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t* link, void* to) -> herr_t {
    if (link->type == H5L_TYPE_HARD) static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  check(H5Literate_by_name(file_, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names,
                           H5P_DEFAULT) >= 0,
        "{}: is damaged: what '{}' holds cannot be listed", name_, group);
  for (const std::string& name : names)
    check(!unprintable(name), "{}: '{}' holds an object whose name cannot be shown: '{}'", name_, group,
          shown_start(name));
  return names;
}

std::vector<std::string> File::datasets(const std::string& group) const {
  std::vector<std::string> paths;
  size_t met = 0;
  collect_datasets(*this, group, 0, met, paths);
  return paths;
}

Info File::info(const std::string& dataset) const {
  const Handle data = opened(*this, dataset), type(H5Dget_type(data), H5Tclose);
  check_declared(data, file_, name_, dataset);
  return {shape_of(data), dtype_of(type)};
}

Axes File::shape(const std::string& dataset, const Axes& expected) const {
  Axes held = info(dataset).shape;
  check(fits(held, expected), "{}: '{}' has the shape {}, expected {}", name_, dataset, axes_text(held),
        axes_text(expected));
  return held;
}

size_t File::count(const std::string& dataset) const {
  size_t count = 1;
  for (const hsize_t d : info(dataset).shape) count *= d;
  return count;
}

size_t File::elements(const std::string& dataset, size_t item) const {
  const size_t all = count(dataset);
  const double bytes = static_cast<double>(all) * static_cast<double>(item);
  if (bytes > unwritten) foresee_memory(bytes, name_ + ": '" + dataset + "'");
  return all;
}

bool File::has(const std::string& object, const std::string& attribute) const {
  if (!exists(object)) return false;
  const htri_t there = H5Aexists_by_name(file_, object.c_str(), attribute.c_str(), H5P_DEFAULT);
  check(there >= 0, "{}: is damaged: the attributes of '{}' cannot be looked up", name_, object);
  return there > 0;
}

std::string File::text(const std::string& object, const std::string& attribute) const {
  const Handle found = opened_attribute(*this, object, attribute), type(H5Aget_type(found), H5Tclose);
  check(H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) <= 0,
        "{}: attribute '{}' of '{}' is no text of fixed length", name_, attribute, object);
  check(H5Tget_size(type) <= most_text, "{}: attribute '{}' of '{}' takes {}", name_, attribute, object,
        print_bytes(H5Tget_size(type)));
  std::string text(H5Tget_size(type), '\0');
  check(H5Aread(found, type, text.data()) >= 0, "{}: attribute '{}' cannot be read", name_, attribute);
  return shown(text.c_str(), Breaks::kept);
}

std::string File::print(const std::string& object, const std::string& attribute) const {
  const Handle found = opened_attribute(*this, object, attribute), type(H5Aget_type(found), H5Tclose);
  return H5Tget_class(type) == H5T_STRING ? text(object, attribute)
                                          : fmt::format("{:.12g}", number(object, attribute));
}

std::vector<std::string> File::attributes(const std::string& object) const {
  std::vector<std::string> names;
  if (!exists(object)) return names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* to) -> herr_t {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  check(H5Aiterate_by_name(file_, object.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names,
                           H5P_DEFAULT) >= 0,
        "{}: is damaged: the attributes of '{}' cannot be listed", name_, object);
  return names;
}

template <class T>
static T read_single(const File& file, const std::string& object, const std::string& attribute) {
  const Handle found = opened_attribute(file, object, attribute), type(H5Aget_type(found), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type);
  T number = 0;
  check((kind == H5T_INTEGER || kind == H5T_FLOAT) && H5Aread(found, native_type<T>(), &number) >= 0,
        "{}: attribute '{}' of '{}' is no number", file.name(), attribute, object);
  return number;
}

double File::number(const std::string& object, const std::string& attribute) const {
  return read_single<double>(*this, object, attribute);
}

int64_t File::whole(const std::string& object, const std::string& attribute) const {
  return read_single<int64_t>(*this, object, attribute);
}

void File::read(const std::string& dataset, void* data, hid_t type, const Axes& expected) const {
  shape(dataset, expected);
  const Handle found = opened(*this, dataset), held(H5Dget_type(found), H5Tclose);
  check(H5Tget_class(held) == H5Tget_class(type), "{}: '{}' holds {}, expected {}", name_, dataset,
        dtype_of(held), dtype_of(type));
  const Axes axes = shape_of(found);
  require_chunks(found, name_ + ": '" + dataset + "'", 0, axes.empty() ? 1 : axes[0]);
  check(H5Dread(found, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0, "{}: '{}' cannot be read", name_,
        dataset);
  if (has(dataset, checksum))
    check_checksum(dataset, H5Tequal(held, type) > 0
                                ? crc32_of(data, static_cast<size_t>(bytes_of(axes, held)))
                                : sum_of(dataset));
}

std::string File::read_text(const std::string& dataset) const {
  shape(dataset, {});
  const Handle found = opened(*this, dataset), type(H5Dget_type(found), H5Tclose);
  check(H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) <= 0, "{}: '{}' is no text", name_,
        dataset);
  std::string text(elements(dataset, H5Tget_size(type)) * H5Tget_size(type), '\0');
  check(H5Dread(found, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()) >= 0, "{}: '{}' cannot be read",
        name_, dataset);
  if (has(dataset, checksum)) check_checksum(dataset, crc32_of(text.data(), text.size()));
  return text.c_str();
}

}  // namespace core::h5
