// episodes.h5: headers, and all that they promise.
#include "tests/fuzz/episodes.h"

#include <algorithm>

#include "tests/fuzz/held.h"

namespace tests::fuzz {

namespace {

void read_episodes(Bytes bytes) {
  const Held held(bytes);
  {
    const core::EpisodeFile file(held.path());
    for (size_t k = 0; k < std::min<size_t>(file.headers().size(), 16); ++k) file.read(k);
  }
  check_closed();
}

}  // namespace

core::Episode short_episode(const core::EpisodeFormat& format, int64_t length) {
  core::Episode e;
  e.header.length = length;
  e.header.seed = 7;
  const auto steps = static_cast<size_t>(length);
  e.observations.resize((steps + 1) * format.obs_shape.at(0) * core::dtype_size(format.obs_dtype));
  e.actions.resize(steps * core::dtype_size(format.action_dtype));
  e.rewards.assign(steps, 1.0);
  e.terminated.resize(steps);
  e.truncated.resize(steps);
  e.terminated.back() = 1;
  e.value.resize(format.value ? steps : 0);
  return e;
}

static std::vector<std::string> episodes_seeds() {
  std::vector<std::string> seeds;
  for (const bool value : {false, true})
    seeds.push_back(written([&](const std::filesystem::path& path) {
      const core::EpisodeFormat format{
          .env_id = "CartPole-v1", .env_options = "id: CartPole-v1", .obs_shape = {2}, .value = value};
      auto log = core::EpisodeLog::create(path, format);
      for (const int64_t length : {3, 1}) {
        core::Episode e = short_episode(format, length);
        log.append(e);
      }
      log.flush();
    }));
  return seeds;
}

Target episodes() { return {"episodes", read_episodes, episodes_seeds, true}; }

}  // namespace tests::fuzz
