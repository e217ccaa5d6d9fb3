// Stepping, going back and comparing.
#include "render/player.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/error.h"

namespace render {

static constexpr int64_t steps_between_states = 64;

namespace {

struct EnvSection {
  envs::Options env;
  void fields(core::Fields& f) { f.tagged("env", env.tagged(), "The environment"); }
};

double element_of(const std::string& dtype, const std::byte* at) {
  const auto as = [at]<class T>(T value) {
    std::memcpy(&value, at, sizeof value);
    return static_cast<double>(value);
  };
  if (dtype == "float32") return as(0.0f);
  if (dtype == "uint8") return as(uint8_t{});
  return dtype == "int32" ? as(int32_t{}) : as(int64_t{});
}

}  // namespace

envs::Options env_options(const core::EpisodeFormat& format) {
  const std::string source = (format.file.empty() ? "" : format.file + ": ") + "env_options";
  core::Value root = core::Value::map();
  root.set("env", format.env_options.empty() ? core::Value::of(format.env_id)
                                             : core::parse_yaml(format.env_options, source));
  EnvSection section;
  core::read_options(section, root);
  return section.env;
}

std::unique_ptr<envs::Envs> make_env(const core::EpisodeFormat& format) {
  return env_options(format).make(1, envs::EnvPurpose::evaluation);
}

std::string Difference::str() const {
  return fmt::format("the replay leaves the recording at step {}: observation[{}] {:.6g}, not {:.6g}", t,
                     element, replayed, recorded);
}

static void check_rows(const core::EpisodeFormat& format, const core::Episode& episode,
                       const envs::Spec& spec) {
  const auto length = static_cast<size_t>(episode.header.length);
  const bool obs = format.obs_dtype == envs::dtype_name(spec.observation.dtype) &&
                   episode.observations.size() == (length + 1) * spec.observation.bytes();
  const std::string action = spec.action.kind == envs::Space::Kind::box ? "float32" : "int64";
  const bool actions =
      format.action_dtype == action &&
      episode.actions.size() == length * static_cast<size_t>(spec.action.size()) * core::dtype_size(action);
  core::check(obs, "episode {}: its observations are not {}'s {}", episode.header.episode, spec.id,
              spec.observation.str());
  core::check(actions, "episode {}: its actions are not {}'s {}", episode.header.episode, spec.id,
              spec.action.str());
}

Player::Player(const core::EpisodeFormat& format, core::Episode episode)
    : format_(format), episode_(std::move(episode)), env_(make_env(format)) {
  check_rows(format_, episode_, env_->spec());
  start();
}

Player::Player(const core::EpisodeFormat& format, uint64_t seed) : format_(format), env_(make_env(format)) {
  episode_.header.seed = seed;
  episode_.observations.resize(env_->spec().observation.bytes());
  env_->reset(seed, episode_.observations.data());
  start();
}

void Player::start() {
  comparable_ = !envs::has_statistics(env_options(format_).wrappers);
  env_->autoreset(false);  // the last picture is of the end, not of a new beginning
  obs_.resize(env_->spec().observation.bytes());
  sums_.assign(1, 0.0);
  for (const double reward : episode_.rewards) sums_.push_back(sums_.back() + reward);
  restart();
}

void Player::restart() {
  env_->reset(episode_.header.seed, obs_.data());
  t_ = 0;
  compare();
  keep_state();
}

void Player::keep_state() {
  if (t_ % steps_between_states != 0 || kept_.count(t_)) return;
  core::Archive archive;
  env_->state(archive);
  kept_[t_] = archive.blobs();
}

void Player::compare() {
  if (!comparable_ || (difference_ && difference_->t <= t_)) return;
  const std::byte* recorded = episode_.observations.data() + static_cast<size_t>(t_) * obs_.size();
  if (std::memcmp(recorded, obs_.data(), obs_.size()) == 0) return;
  const size_t item = core::dtype_size(format_.obs_dtype);
  size_t at = 0;
  while (std::memcmp(recorded + at, obs_.data() + at, item) == 0) at += item;
  difference_ = {t_, static_cast<int64_t>(at / item), element_of(format_.obs_dtype, recorded + at),
                 element_of(format_.obs_dtype, obs_.data() + at)};
}

void Player::step() {
  float reward = 0;
  uint8_t terminated = 0, truncated = 0;
  const std::byte* row = episode_.actions.data() +
                         static_cast<size_t>(t_) * episode_.actions.size() / static_cast<size_t>(length());
  envs::Actions actions;
  if (format_.action_dtype == "float32")
    actions.continuous = reinterpret_cast<const float*>(row);
  else
    actions.discrete = reinterpret_cast<const int64_t*>(row);
  env_->step(actions,
             {.obs = obs_.data(), .reward = &reward, .terminated = &terminated, .truncated = &truncated});
  ++t_;
  compare();
  keep_state();
}

void Player::extend(int64_t action) {
  if (ended()) return;
  seek(length());
  core::EpisodeHeader& header = episode_.header;
  float reward = 0;
  env_->step({.discrete = &action}, {.obs = obs_.data(),
                                     .reward = &reward,
                                     .terminated = &header.terminated,
                                     .truncated = &header.truncated});
  const auto* bytes = reinterpret_cast<const std::byte*>(&action);
  episode_.actions.insert(episode_.actions.end(), bytes, bytes + sizeof action);
  episode_.observations.insert(episode_.observations.end(), obs_.begin(), obs_.end());
  episode_.rewards.push_back(reward);
  episode_.terminated.push_back(header.terminated);
  episode_.truncated.push_back(header.truncated);
  header.episode_return += reward;
  ++header.length;
  ++t_;
  sums_.push_back(sums_.back() + reward);
  keep_state();
}

void Player::seek(int64_t t) {
  t = std::clamp<int64_t>(t, 0, length());
  if (t < t_) {
    const auto& [from, blobs] = *std::prev(kept_.upper_bound(t));
    core::Archive archive(blobs);
    env_->state(archive);
    t_ = from;
  }
  while (t_ < t) step();
}

double Player::reward() const { return t_ ? episode_.rewards[static_cast<size_t>(t_ - 1)] : 0; }
double Player::reward_so_far() const { return sums_[static_cast<size_t>(t_)]; }

int64_t Player::action_at(int64_t t) const {
  if (!env_->spec().action.is_discrete() || t < 0 || t >= length()) return -1;
  int64_t action = 0;
  std::memcpy(&action, episode_.actions.data() + static_cast<size_t>(t) * sizeof action, sizeof action);
  return action;
}

std::string Player::action() const {
  if (length() == 0) return "";
  const size_t bytes = episode_.actions.size() / static_cast<size_t>(length());
  const size_t item = core::dtype_size(format_.action_dtype);
  const std::byte* row = episode_.actions.data() + static_cast<size_t>(std::min(t_, length() - 1)) * bytes;
  std::string words;
  for (size_t at = 0; at < bytes; at += item) {
    const double value = element_of(format_.action_dtype, row + at);
    words += at ? ", " : "";
    words += format_.action_dtype == "float32" ? fmt::format("{:+.2f}", value) : fmt::format("{:.0f}", value);
  }
  return bytes > item ? "[" + words + "]" : words;
}

}  // namespace render
