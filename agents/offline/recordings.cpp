#include "agents/offline/recordings.h"

#include <fmt/ranges.h>

#include <memory>

#include "core/error.h"
#include "core/formats/d4rl.h"
#include "core/formats/minari.h"
#include "envs/dataset_layout.h"

namespace agents {

namespace {

namespace fs = std::filesystem;
namespace formats = core::formats;

std::string rows_text(const std::string& dtype, const std::vector<hsize_t>& row) {
  return fmt::format("{} [{}]", dtype, fmt::join(row, ", "));
}

void check_rows(const fs::path& file, const core::EpisodeFormat& found, const envs::Spec& spec) {
  const core::EpisodeFormat wanted = envs::episode_rows(spec);
  const auto compare = [&](const char* what, const std::string& here, const std::string& there) {
    core::check(here == there, "{}: holds {} {}, {} has {}", file.string(), what, there, spec.id, here);
  };
  compare("observations", rows_text(wanted.obs_dtype, wanted.obs_shape),
          rows_text(found.obs_dtype, found.obs_shape));
  compare("actions", rows_text(wanted.action_dtype, wanted.action_shape),
          rows_text(found.action_dtype, found.action_shape));
}

Recordings of_atelier(const fs::path& path, const envs::Spec& spec) {
  const auto file = std::make_shared<core::EpisodeFile>(path);
  check_rows(path, file->format(), spec);
  return {std::ssize(file->headers()), [file](int64_t k) { return file->read(static_cast<size_t>(k)); }};
}

Recordings of_minari(const fs::path& folder, const envs::Spec& spec) {
  const auto reader = std::make_shared<formats::MinariReader>(folder);
  const formats::Layout layout = envs::layout_of(
      reader->has_parts() ? envs::gymnasium_observation(spec) : spec.observation, spec.action);
  return {reader->count(), [reader, layout, format = envs::episode_rows(spec)](int64_t k) {
            return reader->read(k, format, layout);
          }};
}

Recordings of_d4rl(const fs::path& path, const envs::Spec& spec) {
  const auto reader = std::make_shared<formats::D4rlReader>(path, spec.max_episode_steps);
  return {reader->count(),
          [reader, format = envs::episode_rows(spec)](int64_t k) { return reader->read(k, format); }};
}

bool is_of_atelier(const fs::path& path) {
  const core::h5::File file = core::h5::File::open(path);
  return file.has("/", "format") && file.text("/", "format") == "atelier-episodes";
}

}  // namespace

Recordings recordings(const fs::path& path, const envs::Spec& spec) {
  core::check(fs::exists(path), "{}: no such file or folder", path.string());
  if (fs::exists(path / "episodes.h5")) return of_atelier(path / "episodes.h5", spec);
  if (fs::is_directory(path)) return of_minari(path, spec);
  return is_of_atelier(path) ? of_atelier(path, spec) : of_d4rl(path, spec);
}

namespace {

constexpr int64_t longest_play = 10000;  // steps, where the environment has no limit of its own

// One environment and whoever plays it, a step at a time into the rows of an episode.
class Playing {
 public:
  explicit Playing(const envs::Options& env)
      : env_(env), envs_(env.make(1, envs::EnvPurpose::evaluation)), format_(envs::episode_rows(spec())) {}

  core::Episode episode(uint64_t seed) {
    const envs::Controller act = env_.heuristic();
    core::Episode e;
    e.header.seed = seed;
    std::vector<std::byte> now(spec().observation.bytes()), last(now.size());
    envs_->reset(seed, now.data());
    e.observations = now;
    for (bool over = false; !over;) over = step(act, e, now, last);
    return e;
  }

 private:
  const envs::Spec& spec() const { return envs_->spec(); }

  // Whether the episode is over.
  bool step(const envs::Controller& act, core::Episode& e, std::vector<std::byte>& now,
            std::vector<std::byte>& last) {
    const bool box = spec().action.kind == envs::Space::Kind::box;
    const size_t width = static_cast<size_t>(spec().action.size()) * core::dtype_size(format_.action_dtype);
    e.actions.resize(e.actions.size() + width);
    std::byte* action = e.actions.data() + e.actions.size() - width;
    const envs::ActionOut out{box ? nullptr : reinterpret_cast<int64_t*>(action),
                              box ? reinterpret_cast<float*>(action) : nullptr};
    act(now.data(), out);
    float reward = 0;
    uint8_t terminated = 0, truncated = 0;
    envs_->step({out.discrete, out.continuous}, {.obs = now.data(),
                                                 .reward = &reward,
                                                 .terminated = &terminated,
                                                 .truncated = &truncated,
                                                 .final_obs = last.data()});
    const bool ended = terminated | truncated, over = ended || e.header.length + 1 == longest_play;
    const std::vector<std::byte>& seen = ended ? last : now;
    e.observations.insert(e.observations.end(), seen.begin(), seen.end());
    e.rewards.push_back(static_cast<double>(reward));
    e.terminated.push_back(terminated);
    e.truncated.push_back(truncated);
    ++e.header.length;
    return over;
  }

  envs::Options env_;
  std::unique_ptr<envs::Envs> envs_;
  core::EpisodeFormat format_;
};

}  // namespace

Recordings heuristic_play(const envs::Options& env, int64_t episodes) {
  static_cast<void>(env.heuristic());  // or an Error
  const auto playing = std::make_shared<Playing>(env);
  return {episodes, [playing](int64_t k) { return playing->episode(static_cast<uint64_t>(k)); }};
}

}  // namespace agents
