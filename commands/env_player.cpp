#include "commands/env_player.h"

#include "core/error.h"

namespace commands {

Player::Player(const EnvCommand& command, const envs::Options& env, const envs::Spec& spec)
    : env_(env),
      spec_(spec),
      seed_(command.seed),
      envs_(command.num_envs),
      random_(core::mix(static_cast<uint64_t>(command.seed), {"random_policy"})) {
  if (!command.actions.empty())
    read(command.actions);
  else if (command.policy == "heuristic")
    for (int64_t i = 0; i < envs_; ++i) controllers_.push_back(env_.heuristic());
}

void Player::begin(int64_t env) {
  if (!controllers_.empty()) controllers_[static_cast<size_t>(env)] = env_.heuristic();
}

bool Player::has(int64_t env, int64_t t) const {
  return recorded_.empty() || t < static_cast<int64_t>(of(env).size());
}

void Player::act(int64_t env, int64_t t, const std::byte* obs, const uint8_t* mask, ActionRow& row) {
  const auto width = static_cast<size_t>(spec_.action.size()), at = static_cast<size_t>(env) * width;
  if (!recorded_.empty()) {
    for (size_t k = 0; k < width; ++k) put(row, at + k, of(env)[static_cast<size_t>(t)][k]);
  } else if (!controllers_.empty()) {
    controllers_[static_cast<size_t>(env)](obs, {row.discrete.data() + at, row.continuous.data() + at});
  } else {
    envs::sample(spec_.action, random_, row.discrete.data() + at, row.continuous.data() + at, mask);
  }
}

// A sequence with a seed is that seed's; one without serves every environment.
const core::formats::ActionSequence& Player::of(int64_t env) const {
  const auto own = recorded_.find(std::to_string(seed_ + env));
  return own != recorded_.end() ? own->second : recorded_.begin()->second;
}

void Player::put(ActionRow& row, size_t at, double value) const {
  if (box())
    row.continuous[at] = static_cast<float>(value);
  else
    row.discrete[at] = static_cast<int64_t>(value);
}

void Player::read(const std::string& file) {
  recorded_ = core::formats::read_actions(file, static_cast<size_t>(spec_.action.size()), !box());
  for (int64_t i = 0; i < envs_ && !recorded_.count(""); ++i)
    core::check(recorded_.count(std::to_string(seed_ + i)) > 0, "{}: holds no actions for seed {}", file,
                seed_ + i);
}

}  // namespace commands
