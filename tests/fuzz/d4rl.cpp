// D4RL's flat files, imported.
#include "core/formats/d4rl.h"

#include <algorithm>

#include "tests/fuzz/episodes.h"
#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_d4rl(Bytes bytes) {
  const Held held(bytes);
  {
    const core::formats::D4rlReader reader(held.path(), bytes.size() % 2 == 0 ? 0 : 2);
    const core::EpisodeFormat format = reader.guess_format();
    for (int64_t k = 0; k < std::min<int64_t>(reader.count(), 16); ++k) reader.read(k, format);
  }
  check_closed();
}

std::vector<std::string> d4rl_seeds() {
  return {written([](const std::filesystem::path& path) {
    const core::EpisodeFormat format{.env_id = "x", .env_options = "id: x", .obs_shape = {2}};
    core::formats::D4rlWriter writer(path, format);
    for (const int64_t length : {3, 2}) writer.add(short_episode(format, length));
    writer.finish();
  })};
}

}  // namespace

Target d4rl() { return {"d4rl", read_d4rl, d4rl_seeds, true}; }

}  // namespace tests::fuzz
