#include "commands/env.h"

#include <cmath>
#include <cstring>
#include <iostream>
#include <limits>

#include "commands/env_options.h"
#include "commands/env_player.h"
#include "core/error.h"
#include "core/whole_file.h"
#include "render/reel.h"

namespace commands {

namespace {

// Python's repr of a float: the shortest digits that read back the same, with a point.
std::string number(double x) {
  std::string text = fmt::format("{}", x);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

// Values of a row of observations or actions, as the CSV prints them.
void append_values(std::string& line, const std::byte* row, const envs::Space& space) {
  for (int64_t k = 0; k < space.size(); ++k) {
    const std::byte* at = row + static_cast<size_t>(k) * envs::item_size(space.dtype);
    const auto as = [&](auto value) {
      std::memcpy(&value, at, sizeof value);
      return value;
    };
    switch (space.dtype) {
      case envs::Dtype::float32:
        line += "," + number(as(float{}));
        break;
      case envs::Dtype::uint8:
        line += fmt::format(",{}", as(uint8_t{}));
        break;
      case envs::Dtype::int32:
        line += fmt::format(",{}", as(int32_t{}));
        break;
      case envs::Dtype::int64:
        line += fmt::format(",{}", as(int64_t{}));
        break;
    }
  }
}

std::string header(const envs::Spec& spec) {
  std::string line = "seed,episode,t";
  const int64_t actions = spec.action.size();
  for (int64_t k = 0; k < actions; ++k) line += actions == 1 ? ",action" : fmt::format(",a{}", k);
  for (int64_t k = 0; k < spec.observation.size(); ++k) line += fmt::format(",o{}", k);
  return line + ",reward,terminated,truncated\n";
}

struct Totals {
  int64_t steps = 0, episodes = 0;
  double sum = 0, square = 0, length = 0;
};

// N environments in lockstep; each one's CSV lines are kept apart, so that the file is in order of seed.
class Session {
 public:
  Session(const EnvCommand& command, const envs::Options& options)
      : command_(command),
        n_(command.num_envs),
        envs_(options.make(n_)),
        spec_(envs_->spec()),
        player_(command, options, spec_) {
    const auto n = static_cast<size_t>(n_);
    obs_.resize(n * spec_.observation.bytes());
    final_ = obs_;
    reward_.resize(n);
    terminated_.resize(n);
    truncated_.resize(n);
    lines_.resize(n);
    episode_.resize(n);
    t_.resize(n);
    if (spec_.action_mask) mask_.resize(n * static_cast<size_t>(spec_.action.n[0]));
    returns_.resize(n);
    row_.discrete.resize(n * static_cast<size_t>(spec_.action.size()));
    row_.continuous.resize(row_.discrete.size());
  }

  Totals play() {
    envs_->reset(static_cast<uint64_t>(command_.seed), obs_.data());
    for (int64_t i = 0; i < n_; ++i) write_reset(i);
    while (!over()) step();
    return totals_;
  }

  void write(const std::string& file) const {
    core::WholeFile whole(file);
    whole.out() << header(spec_);
    for (const auto& lines : lines_) whole.out() << lines;
    whole.keep();
  }

 private:
  bool open(int64_t i) const {
    const auto k = static_cast<size_t>(i);
    const bool episodes = command_.episodes == 0 || episode_[k] < command_.episodes;
    return episodes && (command_.steps == 0 || steps_ < command_.steps) && player_.has(i, steps_);
  }
  bool over() const {
    for (int64_t i = 0; i < n_; ++i)
      if (open(i)) return false;
    return true;
  }

  void choose_actions() {
    const size_t O = spec_.observation.bytes(), choices = mask_.size() / static_cast<size_t>(n_);
    if (choices > 0) envs_->action_mask(mask_.data());
    for (int64_t i = 0; i < n_; ++i) {
      const auto k = static_cast<size_t>(i);
      const uint8_t* mask = choices > 0 ? mask_.data() + k * choices : nullptr;
      if (player_.has(i, steps_)) player_.act(i, steps_, obs_.data() + k * O, mask, row_);
    }
  }

  void step() {
    choose_actions();
    std::vector<uint8_t> was_open(static_cast<size_t>(n_));
    for (int64_t i = 0; i < n_; ++i) was_open[static_cast<size_t>(i)] = open(i);
    envs_->step(row_.view(), {.obs = obs_.data(),
                              .reward = reward_.data(),
                              .terminated = terminated_.data(),
                              .truncated = truncated_.data(),
                              .final_obs = final_.data()});
    ++steps_;
    for (int64_t i = 0; i < n_; ++i)
      if (was_open[static_cast<size_t>(i)]) write_step(i);
  }

  std::string prefix(int64_t i) const {
    return fmt::format("{},{},{}", command_.seed + i, episode_[static_cast<size_t>(i)],
                       t_[static_cast<size_t>(i)]);
  }

  void write_reset(int64_t i) {
    const auto k = static_cast<size_t>(i);
    t_[k] = -1;
    returns_[k] = 0;
    if (!command_.csv.empty()) {
      std::string line = prefix(i) + std::string(static_cast<size_t>(spec_.action.size()), ',');
      append_values(line, obs_.data() + k * spec_.observation.bytes(), spec_.observation);
      lines_[k] += line + ",,,\n";
    }
    t_[k] = 0;
  }

  void write_step(int64_t i) {
    const auto k = static_cast<size_t>(i), A = static_cast<size_t>(spec_.action.size());
    const bool ended = terminated_[k] || truncated_[k];
    ++totals_.steps;
    returns_[k] += reward_[k];
    if (!command_.csv.empty()) {
      std::string line = prefix(i);
      const bool box = spec_.action.kind == envs::Space::Kind::box;
      const void* action =
          box ? static_cast<const void*>(row_.continuous.data() + k * A) : row_.discrete.data() + k * A;
      append_values(line, static_cast<const std::byte*>(action), spec_.action);
      append_values(line, (ended ? final_ : obs_).data() + k * spec_.observation.bytes(), spec_.observation);
      lines_[k] += fmt::format("{},{},{},{}\n", line, number(reward_[k]), terminated_[k], truncated_[k]);
    }
    ++t_[k];
    if (!ended) return;
    ++totals_.episodes;
    totals_.sum += returns_[k];
    totals_.square += returns_[k] * returns_[k];
    totals_.length += static_cast<double>(t_[k]);
    ++episode_[k];
    player_.begin(i);
    if (open(i)) write_reset(i);
  }

  const EnvCommand& command_;
  int64_t n_, steps_ = 0;
  std::unique_ptr<envs::Envs> envs_;
  const envs::Spec& spec_;
  Player player_;
  ActionRow row_;
  std::vector<std::byte> obs_, final_;
  std::vector<float> reward_;
  std::vector<uint8_t> terminated_, truncated_;
  std::vector<uint8_t> mask_;  // [N, n] of an environment that has masks, else empty
  std::vector<std::string> lines_;
  std::vector<int64_t> episode_, t_;
  std::vector<double> returns_;
  Totals totals_;
};

envs::Options options_of(const EnvCommand& command) {
  std::vector<std::string> overrides = command.overrides;
  if (!command.precision.empty()) overrides.push_back("env.precision=" + command.precision);
  return env_options(command.id, overrides);
}

// Where whole episodes are wanted and nothing else ends them, they end as the viewer's do.
std::optional<int64_t> limit_of(const EnvCommand& command, const envs::Spec& spec) {
  if (command.max_steps) return command.max_steps;
  const bool endless = spec.max_episode_steps == 0 && command.steps == 0 && command.actions.empty();
  return endless ? std::optional(render::usual_steps) : std::nullopt;
}

// The options with that limit, if it is below the environment's own; says so.
envs::Options limited(const EnvCommand& command, envs::Options options) {
  const envs::Spec spec = options.make(1)->spec();
  const std::optional<int64_t> limit = limit_of(command, spec);
  if (!limit || (spec.max_episode_steps > 0 && spec.max_episode_steps <= *limit)) return options;
  std::cout << render::limit_words(spec, limit) << '\n';
  options.max_episode_steps = *limit;
  return options;
}

}  // namespace

int env(const EnvCommand& command) {
  const bool bounded = command.episodes > 0 || command.steps > 0 || !command.actions.empty();
  core::check(bounded, "expected --episodes N, --steps N or --actions FILE");
  core::check(command.num_envs - 1 <= std::numeric_limits<int64_t>::max() - command.seed,
              "--seed {}: seeds end at 2^63 - 1, and there are {} environments", command.seed,
              command.num_envs);
  const envs::Options options = limited(command, options_of(command));
  Session session(command, options);
  const Totals t = session.play();
  if (!command.csv.empty()) session.write(command.csv);
  const auto n = static_cast<double>(t.episodes);
  std::cout << fmt::format("{}: {} steps, {} whole episodes", command.id, t.steps, t.episodes);
  if (t.episodes > 0)
    std::cout << fmt::format(", return {:.4f} (deviation {:.4f}), length {:.2f}", t.sum / n,
                             std::sqrt(std::max(0.0, t.square / n - t.sum / n * (t.sum / n))), t.length / n);
  std::cout << '\n';
  return 0;
}

}  // namespace commands
