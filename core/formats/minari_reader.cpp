// Reading: what Minari's own collector writes as well.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/dtype.h"
#include "core/error.h"
#include "core/formats/jpeg.h"
#include "core/formats/json.h"
#include "core/formats/minari.h"
#include "core/memory.h"
#include "core/path.h"
#include "core/shown.h"

namespace core::formats {

using nlohmann::json;

std::string minari_episode(int64_t episode) { return "/episode_" + std::to_string(episode); }
std::string minari_observation(const std::string& episode, const Part& part) {
  return episode + "/observations" + (part.name.empty() ? "" : "/" + part.name);
}

static h5::File opened(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "data/main_data.hdf5";
  check(std::filesystem::exists(file), "{}: is no dataset of Minari's (no data/main_data.hdf5)",
        folder.string());
  return h5::File::open(file);
}

// The metadata, an empty object without it.
static json metadata_of(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "data/metadata.json";
  constexpr uint64_t most = 4'000'000;  // bytes
  json all =
      std::filesystem::exists(file) ? parse_json(read_file(file, "a JSON file", most)) : json::object();
  check(all.is_object(), "{}: data/metadata.json is no JSON object", folder.string());
  return all;
}

static std::string text_of(const json& all, const char* key) {
  const auto found = all.find(key);
  return found != all.end() && found->is_string() ? found->get<std::string>() : "";
}

// None may be missing among those that the metadata tell of.
static void check_count(const json& metadata, int64_t count, const std::filesystem::path& folder) {
  const auto told = metadata.find("total_episodes");
  if (told == metadata.end() || !told->is_number_integer()) return;
  check(
      *told == count,
      "{}: data/metadata.json tells of {} episodes, data/main_data.hdf5 holds {} in a row from episode_0 on",
      folder.string(), told->dump(), count);
}

// Nor rows of an episode, or of all: those that were cut off leave its columns equally long.
static void check_steps(const json& metadata, hsize_t steps, const std::filesystem::path& folder) {
  const auto told = metadata.find("total_steps");
  check(told == metadata.end() || !told->is_number_integer() || *told == steps,
        "{}: data/metadata.json tells of {} steps, data/main_data.hdf5 holds {}", folder.string(),
        told == metadata.end() ? "" : told->dump(), steps);
}

// "episode_3" of 4.
static bool is_counted(const std::string& name, int64_t count) {
  int64_t number = -1;
  std::from_chars(name.data() + std::strlen("episode_"), name.data() + name.size(), number);
  return number >= 0 && number < count && "/" + name == minari_episode(number);
}

MinariReader::MinariReader(const std::filesystem::path& folder) : file_(opened(folder)) {
  const json all = metadata_of(folder);
  env_spec_ = text_of(all, "env_spec");
  leaves_ = leaves_of(text_of(all, "observation_space"), folder.string() + ": observation_space");
  jpeg_ = all.value("jpeg_encoding", json(true)) != json(false);  // as Minari reads a dataset without the key
  if (file_.has("/", "atelier_env")) {
    env_id_ = file_.text("/", "atelier_env");
    env_options_ = file_.text("/", "atelier_env_options");
  }
  while (file_.exists(minari_episode(count_))) ++count_;
  check(count_ > 0, "{}: holds no episode", folder.string());
  check_count(all, count_, folder);
  for (const std::string& name : file_.children("/"))
    check(!name.starts_with("episode_") || is_counted(name, count_),
          "{}: data/main_data.hdf5 holds '{}' behind {} episodes in a row from episode_0 on", folder.string(),
          shown(name), count_);
  hsize_t steps = 0;
  for (int64_t k = 0; k < count_; ++k) steps += steps_of(minari_episode(k));
  check_steps(all, steps, folder);
}

hsize_t MinariReader::steps_of(const std::string& group) const {
  const hsize_t steps = file_.shape(group + "/rewards", {h5::any})[0];
  check(!file_.has(group, "total_steps") || file_.whole(group, "total_steps") == static_cast<int64_t>(steps),
        "{}: '{}' has {} rewards, and its total_steps are others", file_.name(), group, steps);
  return steps;
}

bool MinariReader::has_parts() const { return !file_.children(minari_episode(0) + "/observations").empty(); }

Layout MinariReader::guess_layout() const {
  Layout layout;
  for (const Leaf& leaf : leaves_)
    if (leaf.type != "Text") layout.observation.push_back({leaf.name, leaf.dtype, leaf.row});
  if (leaves_.empty()) {
    check(!has_parts(), "{}: observations are a Dict or a Tuple, and no space tells the order of their parts",
          file_.name());
    const h5::Info obs = file_.info(minari_episode(0) + "/observations");
    layout.observation = {{"", obs.dtype, row_of(obs.shape, file_.name() + ": observations")}};
  }
  check(!layout.observation.empty(), "{}: observations are text", file_.name());
  return layout;
}

EpisodeFormat MinariReader::guess_format(const Layout& layout) const {
  EpisodeFormat format;
  const auto& parts = layout.observation;
  const std::string& dtype = parts[0].dtype;
  const bool one = std::all_of(parts.begin(), parts.end(), [&](const Part& p) { return p.dtype == dtype; });
  if (one && (dtype == "uint8" || dtype == "int32" || dtype == "int64")) format.obs_dtype = dtype;
  hsize_t width = 0;
  for (const Part& part : parts) width += width_of(part.row);
  format.obs_shape = parts.size() == 1 ? parts[0].row : std::vector<hsize_t>{width};
  check(file_.children(minari_episode(0) + "/actions").empty(),
        "{}: actions are a Dict or a Tuple, expected Discrete, MultiDiscrete or Box", file_.name());
  const h5::Info actions = file_.info(minari_episode(0) + "/actions");
  format.action_dtype = actions.dtype.starts_with("float") ? "float32" : "int64";
  format.action_shape = row_of(actions.shape, file_.name() + ": actions");
  return format;
}

// Minari writes the word None for a seed that was not given.
static bool is_none(hid_t attribute, hid_t type) {
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) <= 0) return false;
  char* word = nullptr;
  const bool none = H5Aread(attribute, type, &word) >= 0 && word && std::string_view(word) == "None";
  H5free_memory(word);
  return none;
}

static uint64_t seed_of(const h5::File& file, const std::string& group) {
  if (!file.has(group, "seed")) return 0;
  const h5::Handle held = h5::opened_attribute(file, group, "seed");
  const h5::Handle type(H5Aget_type(held), H5Tclose);
  if (is_none(held, type)) return 0;
  uint64_t seed = 0;
  check(H5Tget_class(type) == H5T_INTEGER, "{}: the seed of '{}' is no whole number", file.name(), group);
  const bool known = H5Tget_sign(type) == H5T_SGN_NONE || file.whole(group, "seed") >= 0;
  check(known && H5Aread(held, H5T_NATIVE_UINT64, &seed) >= 0, "{}: the seed of '{}' is below 0", file.name(),
        group);
  return seed;
}

// Rows of another type into some columns of rows in memory.
static void place(hid_t type, const std::vector<std::byte>& from, hsize_t rows, std::byte* to,
                  const Columns& columns) {
  const size_t item = H5Tget_size(columns.type), count = from.size() / H5Tget_size(type),
               width = count / rows;
  std::vector<std::byte> converted(std::max(from.size(), count * item));
  std::copy(from.begin(), from.end(), converted.begin());
  check(H5Tconvert(type, columns.type, count, converted.data(), nullptr, H5P_DEFAULT) >= 0,
        "observations of two types that do not convert");
  for (hsize_t row = 0; row < rows; ++row)
    std::copy_n(converted.begin() + static_cast<ptrdiff_t>(row * width * item), width * item,
                to + (row * columns.width + columns.first) * item);
}

// A dataset of anything of variable length, released at the end.
template <class T, class Use>
static void each_of(const h5::File& file, const std::string& name, const h5::Handle& type, hsize_t rows,
                    const Use& use) {
  const h5::Handle found = h5::opened(file, name);
  const h5::Handle space(H5Dget_space(found), H5Sclose);
  check(file.count(name) == rows, "{}: '{}' has {} rows, expected {}", file.name(), name, file.count(name),
        rows);
  std::vector<T> all(rows);
  check(H5Dread(found, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()) >= 0, "{}: '{}' cannot be read",
        file.name(), name);
  const h5::Handle whole(H5Scopy(space), H5Sclose);
  for (hsize_t row = 0; row < rows; ++row) use(row, all[row]);
  H5Dvlen_reclaim(type, whole, H5P_DEFAULT, all.data());
}

static PictureShape picture_of(const Leaf& leaf) {
  return {leaf.row[0], leaf.row[1], leaf.row.size() == 3 ? leaf.row[2] : 1};
}

// Frames of equal length lie in rows of bytes, others in rows of variable length.
static std::vector<std::byte> read_pictures(const h5::File& file, const std::string& name, const Leaf& leaf,
                                            hsize_t rows) {
  const PictureShape shape = picture_of(leaf);
  const size_t size = shape.height * shape.width * shape.channels;
  std::vector<std::byte> pixels(rows * size);
  const auto decode = [&](hsize_t row, std::span<const uint8_t> bytes) {
    const std::string wrong =
        decode_jpeg(bytes, shape, reinterpret_cast<uint8_t*>(pixels.data()) + row * size);
    check(wrong.empty(), "{}: picture {} of '{}' cannot be read: {}", file.name(), row, name, wrong);
  };
  const std::vector<hsize_t> held = file.info(name).shape;
  if (held.size() == 2) {
    check(held[0] == rows, "{}: '{}' has {} rows, expected {}", file.name(), name, held[0], rows);
    const auto all = file.read<uint8_t>(name, held);
    for (hsize_t row = 0; row < rows; ++row) decode(row, std::span(all).subspan(row * held[1], held[1]));
  } else {
    const h5::Handle type(H5Tvlen_create(H5T_NATIVE_UINT8), H5Tclose);
    each_of<hvl_t>(file, name, type, rows, [&](hsize_t row, const hvl_t& frame) {
      decode(row, {static_cast<const uint8_t*>(frame.p), frame.len});
    });
  }
  return pixels;
}

// Words as their numbers.
static std::vector<std::byte> read_words(const h5::File& file, const std::string& name,
                                         const std::vector<std::string>& words, hsize_t rows) {
  const h5::Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  std::vector<std::byte> numbers(rows * sizeof(int64_t));
  each_of<char*>(file, name, type, rows, [&](hsize_t row, const char* word) {
    const auto found = std::find(words.begin(), words.end(), word ? word : "");
    check(found != words.end(), "{}: '{}' of '{}' is not among the environment's", file.name(),
          word ? word : "", name);
    const int64_t number = found - words.begin();
    std::memcpy(numbers.data() + row * sizeof number, &number, sizeof number);
  });
  return numbers;
}

static bool holds_text(const h5::File& file, const std::string& name) {
  if (!file.exists(name)) return false;
  const h5::Handle found = h5::opened(file, name);
  const h5::Handle type(H5Dget_type(found), H5Tclose);
  return H5Tget_class(type) == H5T_STRING;
}

const Leaf* MinariReader::leaf_of(const Part& part) const {
  const auto found =
      std::find_if(leaves_.begin(), leaves_.end(), [&](const Leaf& leaf) { return leaf.name == part.name; });
  return found == leaves_.end() ? nullptr : &*found;
}

void MinariReader::read_part(const std::string& group, const Part& part, hsize_t rows, std::byte* to,
                             const Columns& columns) const {
  const std::string name = minari_observation(group, part);
  const Leaf* leaf = leaf_of(part);
  if (jpeg_ && leaf && leaf->picture)
    place(H5T_NATIVE_UINT8, read_pictures(file_, name, *leaf, rows), rows, to, columns);
  else if (!part.words.empty() && holds_text(file_, name))
    place(H5T_NATIVE_INT64, read_words(file_, name, part.words, rows), rows, to, columns);
  else
    read_all(file_, name, width_of(part.row), rows, to, columns);
}

static std::vector<uint8_t> read_ends(const h5::File& file, const std::string& name, hsize_t steps) {
  std::vector<uint8_t> ends = read_flags(file, name);
  check(ends.size() == steps, "{}: '{}' has {} rows, expected {}", file.name(), name, ends.size(), steps);
  return ends;
}

Episode MinariReader::read(int64_t k, const EpisodeFormat& format, const Layout& layout) const {
  const std::string group = minari_episode(k);
  const hsize_t steps = steps_of(group);
  Episode e;
  e.header.length = static_cast<int64_t>(steps);
  e.header.seed = seed_of(file_, group);
  Columns obs{dtype_id(format.obs_dtype), width_of(format.obs_shape)};
  foresee_memory(double(steps + 1) * double(obs.width) * double(dtype_size(format.obs_dtype)),
                 file_.name() + ": " + group);
  e.observations.resize((steps + 1) * obs.width * dtype_size(format.obs_dtype));
  for (const Part& part : layout.observation) {
    read_part(group, part, steps + 1, e.observations.data(), obs);
    obs.first += width_of(part.row);
  }
  const h5::Axes shape = file_.info(group + "/actions").shape;
  const hsize_t acted = shape.empty() ? 0 : shape[0];
  check(acted == steps, "{}: '{}' has {} actions and {} rewards", file_.name(), group, acted, steps);
  const Columns action{dtype_id(format.action_dtype), width_of(format.action_shape)};
  e.actions.resize(steps * action.width * dtype_size(format.action_dtype));
  formats::read(file_, group + "/actions", action.width, 0, steps, e.actions.data(), action);
  e.rewards.resize(steps);
  formats::read(file_, group + "/rewards", 1, 0, steps, e.rewards.data(), {H5T_NATIVE_DOUBLE});
  e.terminated = read_ends(file_, group + "/terminations", steps);
  e.truncated = read_ends(file_, group + "/truncations", steps);
  return e;
}

}  // namespace core::formats
