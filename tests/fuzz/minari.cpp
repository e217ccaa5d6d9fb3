// Minari's folders, imported: two bytes with the length of metadata.json, that file, then main_data.hdf5.
#include "core/formats/minari.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "tests/fuzz/episodes.h"
#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

namespace formats = core::formats;

void read_minari(Bytes bytes) {
  core::check(bytes.size() >= 2, "too short");
  const size_t length = std::min<size_t>(bytes[0] + 256 * bytes[1], bytes.size() - 2);
  const Held metadata(bytes.subspan(2, length), "data/metadata.json");
  const Held data(bytes.subspan(2 + length), "data/main_data.hdf5");
  {
    const formats::MinariReader reader(held_folder());
    const formats::Layout layout = reader.guess_layout();
    const core::EpisodeFormat format = reader.guess_format(layout);
    for (int64_t k = 0; k < std::min<int64_t>(reader.count(), 8); ++k) reader.read(k, format, layout);
  }
  check_closed();
}

std::string together(const std::string& metadata, const std::string& data) {
  return std::string{static_cast<char>(metadata.size() % 256), static_cast<char>(metadata.size() / 256)} +
         metadata + data;
}

std::string minari_seed(const std::string& space, const formats::Layout& layout) {
  const Scratch scratch;
  const core::EpisodeFormat format{.env_id = "x", .env_options = "id: x", .obs_shape = {2}};
  formats::MinariWriter writer(scratch / "d", format, layout);
  writer.add(short_episode(format, 2));
  writer.finish({});
  const nlohmann::json metadata{{"observation_space", space}, {"jpeg_encoding", false}, {"env_spec", "{}"}};
  return together(metadata.dump(), bytes_of(scratch / "d/data/main_data.hdf5"));
}

std::vector<std::string> minari_seeds() {
  return {
      minari_seed(
          R"({"type": "Box", "dtype": "float32", "shape": [2], "low": [-Infinity, 0], "high": [1, 1]})",
          {{{"", "float32", {2}}}, {"", "int64", {}}}),
      minari_seed(
          R"({"type": "Dict", "subspaces": {"a": {"type": "Discrete", "n": 3}, "b": {"type": "Discrete"}}})",
          {{{"a", "int64", {}}, {"b", "int64", {}}}, {"", "int64", {}}})};
}

}  // namespace

Target minari() { return {"minari", read_minari, minari_seeds, true}; }

}  // namespace tests::fuzz
