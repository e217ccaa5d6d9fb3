// Reading and playing episodes.
#include "render/reel.h"

#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <memory>
#include <thread>

#include "core/error.h"
#include "core/random.h"
#include "core/run_log.h"
#include "envs/all.h"
#include "render/player.h"
#include "render/stamp.h"

namespace render {

std::string title_of(const std::filesystem::path& run) {
  const core::RunFile file(run);
  return file.attribute("name") + " seed " + file.attribute("seed");
}

namespace {

// An episodes file that a run may still be writing. It is opened anew each time: HDF5 shares what it knows of
// a file among all who have it open, so that only then what was written since is seen.
class Recording {
 public:
  explicit Recording(std::filesystem::path file) : file_(std::move(file)), seen_(stamp_of(file_)) {
    const core::EpisodeFile opened(file_);
    core::check(!opened.headers().empty(), "{}: holds no episode yet", file_.string());
    format_ = opened.format();
    count_ = static_cast<int64_t>(opened.headers().size());
  }

  const core::EpisodeFormat& format() const { return format_; }
  int64_t count() const { return count_; }

  // Looks again where the file has changed; one that is met in the middle of a write waits for the next look.
  void look() {
    const Stamp now = stamp_of(file_);
    if (now == seen_) return;
    try {
      count_ = static_cast<int64_t>(opened().headers().size());
      seen_ = now;
    } catch (const core::Error&) {
    }
  }

  // A torn read is tried again, ten times.
  core::Episode read(int64_t index) const {
    for (int attempt = 0;; ++attempt) {
      try {
        return opened().read(static_cast<size_t>(index));
      } catch (const core::Error&) {
        if (attempt == 10) throw;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

 private:
  core::EpisodeFile opened() const {
    core::h5::File::open(file_);  // fails at once where an EpisodeFile waits
    return core::EpisodeFile(file_);
  }

  std::filesystem::path file_;
  Stamp seen_;
  core::EpisodeFormat format_;
  int64_t count_ = 0;
};

}  // namespace

Reel recorded(const std::filesystem::path& episodes_file) {
  const auto recording = std::make_shared<Recording>(episodes_file);
  const auto grow = [recording](int64_t) {
    recording->look();
    return recording->count();
  };
  return {.format = recording->format(),
          .count = recording->count(),
          .episode = [recording](int64_t index) { return recording->read(index); },
          .grow = grow,
          .training = true};
}

std::string limit_words(const envs::Spec& spec, std::optional<int64_t> max_steps) {
  const bool endless = spec.max_episode_steps == 0;
  if (!endless && !max_steps) return "";
  return fmt::format("{}episodes end after {} steps (--max-steps)",
                     endless ? spec.id + " has no time limit: " : "", max_steps.value_or(usual_steps));
}

core::EpisodeFormat episode_format(const std::string& env_options) {
  core::EpisodeFormat format;
  format.env_options = env_options.find(':') == std::string::npos ? "id: " + env_options : env_options;
  const envs::Spec spec = make_env(format)->spec();
  format.env_id = spec.id;
  format.obs_dtype = envs::dtype_name(spec.observation.dtype);
  format.obs_shape.assign(spec.observation.shape.begin(), spec.observation.shape.end());
  format.action_dtype = spec.action.kind == envs::Space::Kind::box ? "float32" : "int64";
  format.action_shape.assign(spec.action.shape.begin(), spec.action.shape.end());
  return format;
}

namespace {

// Of the actions that change something where `env`, which is the one that is played, tells them.
envs::Controller random_policy(const envs::Envs& env, uint64_t seed) {
  const envs::Spec& spec = env.spec();
  std::vector<uint8_t> mask(spec.action_mask ? static_cast<size_t>(spec.action.n[0]) : 0);
  return [&env, mask, random = core::Pcg64(core::mix(seed, {"actions"}))](const std::byte*,
                                                                          envs::ActionOut out) mutable {
    if (!mask.empty()) env.action_mask(mask.data());
    envs::sample(env.spec().action, random, out.discrete, out.continuous,
                 mask.empty() ? nullptr : mask.data());
  };
}

envs::Controller make_policy(const std::string& name, const core::EpisodeFormat& format,
                             const envs::Envs& env, uint64_t seed) {
  if (name == "random") return random_policy(env, seed);
  core::check(name == "heuristic", "policy '{}': expected random or heuristic", name);
  return env_options(format).heuristic();
}

template <class T>
void append(std::vector<std::byte>& rows, const std::vector<T>& row) {
  const auto* bytes = reinterpret_cast<const std::byte*>(row.data());
  rows.insert(rows.end(), bytes, bytes + row.size() * sizeof(T));
}

// One step's action and outcome, and the rows that they are recorded into.
class Recorder {
 public:
  Recorder(const core::EpisodeFormat& format, const std::string& policy, uint64_t seed,
           std::optional<int64_t> longest)
      : env_(make_env(format)), act_(make_policy(policy, format, *env_, seed)) {
    const bool limited = env_->spec().max_episode_steps > 0;
    longest_ = longest.value_or(limited ? std::numeric_limits<int64_t>::max() : usual_steps);
    const auto width = static_cast<size_t>(env_->spec().action.size());
    const bool box = env_->spec().action.kind == envs::Space::Kind::box;
    (box ? continuous_.resize(width) : discrete_.resize(width));
    obs_.resize(env_->spec().observation.bytes());
    env_->autoreset(false);
    env_->reset(seed, obs_.data());
    append(episode_.observations, obs_);
    episode_.header.seed = seed;
    policy.copy(episode_.header.policy, sizeof episode_.header.policy - 1);
  }

  core::Episode play() {
    const core::EpisodeHeader& header = episode_.header;
    while (!header.terminated && !header.truncated && header.length < longest_) step();
    return std::move(episode_);
  }

 private:
  void step() {
    int64_t* discrete = discrete_.empty() ? nullptr : discrete_.data();
    float* continuous = continuous_.empty() ? nullptr : continuous_.data();
    core::EpisodeHeader& header = episode_.header;
    float reward = 0;
    act_(obs_.data(), {discrete, continuous});
    env_->step({discrete, continuous}, {.obs = obs_.data(),
                                        .reward = &reward,
                                        .terminated = &header.terminated,
                                        .truncated = &header.truncated});
    ++header.length;
    header.episode_return += reward;
    append(episode_.observations, obs_);
    discrete ? append(episode_.actions, discrete_) : append(episode_.actions, continuous_);
    episode_.rewards.push_back(reward);
    episode_.terminated.push_back(header.terminated);
    episode_.truncated.push_back(header.truncated);
  }

  int64_t longest_;
  std::unique_ptr<envs::Envs> env_;
  envs::Controller act_;
  std::vector<int64_t> discrete_;
  std::vector<float> continuous_;
  std::vector<std::byte> obs_;
  core::Episode episode_;
};

}  // namespace

Reel played(const std::string& env_options, const std::string& policy, uint64_t seed,
            std::optional<int64_t> longest) {
  const core::EpisodeFormat format = episode_format(env_options);
  make_policy(policy, format, *make_env(format), seed);  // refuse a wrong one before a window opens
  const auto episode = [=](int64_t index) {
    core::Episode played = Recorder(format, policy, seed + static_cast<uint64_t>(index), longest).play();
    played.header.episode = index;
    return played;
  };
  return {.format = format, .count = int64_t{1} << 31, .episode = episode};
}

}  // namespace render
