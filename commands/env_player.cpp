#include "commands/env_player.h"

#include <cmath>
#include <sstream>

#include "core/error.h"
#include "core/path.h"

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

void Player::act(int64_t env, int64_t t, const std::byte* obs, ActionRow& row) {
  const auto width = static_cast<size_t>(spec_.action.size()), at = static_cast<size_t>(env) * width;
  if (!recorded_.empty()) {
    for (size_t k = 0; k < width; ++k) put(row, at + k, of(env)[static_cast<size_t>(t)][k]);
  } else if (!controllers_.empty()) {
    controllers_[static_cast<size_t>(env)](obs, {row.discrete.data() + at, row.continuous.data() + at});
  } else {
    envs::sample(spec_.action, random_, row.discrete.data() + at, row.continuous.data() + at);
  }
}

// A sequence with a seed is that seed's; one without serves every environment.
const Player::Recorded& Player::of(int64_t env) const {
  const auto own = recorded_.find(std::to_string(seed_ + env));
  return own != recorded_.end() ? own->second : recorded_.begin()->second;
}

void Player::put(ActionRow& row, size_t at, double value) const {
  if (box())
    row.continuous[at] = static_cast<float>(value);
  else
    row.discrete[at] = static_cast<int64_t>(value);
}

// A CSV with the columns of this very command (one sequence per seed), or bare numbers, a line a step.
void Player::read(const std::string& file) {
  constexpr uint64_t most = 1'000'000'000;  // bytes
  std::istringstream in(core::read_file(file, "a file of actions", most));
  std::string line, cell;
  std::vector<std::string> columns;
  for (int64_t at = 1; std::getline(in, line); ++at) {
    std::vector<std::string> cells;
    for (std::istringstream row(line); std::getline(row, cell, ',');) cells.push_back(cell);
    if (at == 1 && !cells.empty() && (cells[0] == "seed" || cells[0][0] == 'a')) {
      columns = cells;
      continue;
    }
    take(file, at, cells, columns);
  }
  core::check(!recorded_.empty(), "{}: holds no actions", file);
  for (int64_t i = 0; i < envs_ && !recorded_.count(""); ++i)
    core::check(recorded_.count(std::to_string(seed_ + i)) > 0, "{}: holds no actions for seed {}", file,
                seed_ + i);
}

void Player::take(const std::string& file, int64_t line, const std::vector<std::string>& cells,
                  const std::vector<std::string>& columns) {
  const size_t first = columns.empty() || columns[0] != "seed" ? 0 : 3;
  const std::string seed = first ? cells.at(0) : "";
  const auto width = static_cast<size_t>(spec_.action.size());
  core::check(cells.size() >= first + width, "{}:{}: expected {} action values", file, line, width);
  if (cells[first].empty()) return;  // the row of a reset
  std::vector<double> values;
  for (size_t k = 0; k < width; ++k) try {
      values.push_back(action_value(cells[first + k]));
    } catch (const std::exception&) {
      core::fail("{}:{}: expected {}, found '{}'", file, line, box() ? "a number" : "a whole number",
                 cells[first + k]);
    }
  recorded_[seed].push_back(std::move(values));
}

double Player::action_value(const std::string& cell) const {
  size_t used = 0;
  const double value = std::stod(cell, &used);
  const bool whole = box() || (value == std::floor(value) && std::abs(value) < 1e15);
  if (used != cell.size() || !whole) throw std::invalid_argument(cell);
  return value;
}

}  // namespace commands
