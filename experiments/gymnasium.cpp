#include "experiments/gymnasium.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace experiments {

using envs::Space;

static std::string number(float value) {
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return fmt::format("{}", static_cast<double>(value));
}

// values[from ...] of the given shape as nested lists.
static std::string nested(const std::vector<float>& values, const std::vector<int64_t>& shape, size_t axis,
                          size_t& from) {
  if (axis == shape.size()) return number(values[from++]);
  std::vector<std::string> items;
  for (int64_t k = 0; k < shape[axis]; ++k) items.push_back(nested(values, shape, axis + 1, from));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

static std::string bounds(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  size_t from = 0;
  return nested(values, shape, 0, from);
}

static std::string dict_json(const Space& space) {
  std::vector<std::string> parts;
  for (const auto& [name, part] : space.parts)
    parts.push_back(fmt::format("{}: {}", nlohmann::json(name).dump(), space_json(part)));
  return fmt::format(R"({{"type": "Dict", "subspaces": {{{}}}}})", fmt::join(parts, ", "));
}

std::string space_json(const Space& space) {
  switch (space.kind) {
    case Space::Kind::discrete:
      return fmt::format(R"({{"type": "Discrete", "dtype": "int64", "start": 0, "n": {}}})", space.n[0]);
    case Space::Kind::multi_discrete:
      return fmt::format(R"({{"type": "MultiDiscrete", "dtype": "int64", "nvec": [{}], "start": [{}]}})",
                         fmt::join(space.n, ", "), fmt::join(std::vector<int>(space.n.size(), 0), ", "));
    case Space::Kind::dict:
      return dict_json(space);
    default:
      return fmt::format(R"({{"type": "Box", "dtype": "{}", "shape": [{}], "low": {}, "high": {}}})",
                         envs::dtype_name(space.dtype), fmt::join(space.shape, ", "),
                         bounds(space.low, space.shape), bounds(space.high, space.shape));
  }
}

namespace {

// gymnasium/envs/__init__.py: where Gymnasium has the environments that are here too. Not Blackjack, whose
// observation is a Tuple there.
struct Registered {
  const char *id, *entry_point;
  nlohmann::ordered_json kwargs = nlohmann::ordered_json::object();
};

const std::vector<Registered>& registered() {
  static const std::vector<Registered> rows{
      {"Acrobot-v1", "classic_control.acrobot:AcrobotEnv"},
      {"BipedalWalker-v3", "box2d.bipedal_walker:BipedalWalker"},
      {"BipedalWalkerHardcore-v3", "box2d.bipedal_walker:BipedalWalker", {{"hardcore", true}}},
      {"CartPole-v0", "classic_control.cartpole:CartPoleEnv"},
      {"CartPole-v1", "classic_control.cartpole:CartPoleEnv"},
      {"CliffWalking-v1", "toy_text.cliffwalking:CliffWalkingEnv"},
      {"CliffWalkingSlippery-v1", "toy_text.cliffwalking:CliffWalkingEnv", {{"is_slippery", true}}},
      {"FrozenLake-v1", "toy_text.frozen_lake:FrozenLakeEnv", {{"map_name", "4x4"}}},
      {"FrozenLake8x8-v1", "toy_text.frozen_lake:FrozenLakeEnv", {{"map_name", "8x8"}}},
      {"LunarLander-v3", "box2d.lunar_lander:LunarLander"},
      {"LunarLanderContinuous-v3", "box2d.lunar_lander:LunarLander", {{"continuous", true}}},
      {"MountainCar-v0", "classic_control.mountain_car:MountainCarEnv"},
      {"MountainCarContinuous-v0", "classic_control.continuous_mountain_car:Continuous_MountainCarEnv"},
      {"Pendulum-v1", "classic_control.pendulum:PendulumEnv"},
      {"Taxi-v4", "toy_text.taxi:TaxiEnv"}};
  return rows;
}

// All options at their defaults; both precisions are the same task.
bool as_shipped(envs::Options options) {
  envs::Options defaults;
  const core::Chosen chosen = defaults.chosen();
  chosen.choose(options.id, "");
  options.precision = defaults.precision;
  return options.yaml() == defaults.yaml();
}

}  // namespace

std::string env_spec_json(const envs::Options& options) {
  for (const auto& [id, entry_point, kwargs] : registered()) {
    if (options.id != id || !as_shipped(options)) continue;
    const envs::Spec spec = options.make(1)->spec();
    nlohmann::ordered_json json{{"id", id},
                                {"entry_point", std::string("gymnasium.envs.") + entry_point},
                                {"reward_threshold", nullptr},
                                {"nondeterministic", false},
                                {"max_episode_steps", nullptr},
                                {"order_enforce", true},
                                {"disable_env_checker", false},
                                {"kwargs", kwargs},
                                {"additional_wrappers", nlohmann::ordered_json::array()},
                                {"vector_entry_point", nullptr}};
    if (spec.reward_threshold) json["reward_threshold"] = *spec.reward_threshold;
    if (spec.max_episode_steps > 0) json["max_episode_steps"] = spec.max_episode_steps;
    return json.dump();
  }
  return "";
}

static core::formats::Part part_of(const std::string& name, const Space& space) {
  const bool box = space.kind == Space::Kind::box;
  return {name, box ? envs::dtype_name(space.dtype) : "int64", {space.shape.begin(), space.shape.end()}};
}

core::formats::Layout layout_of(const envs::Spec& spec) {
  core::formats::Layout layout{.action = part_of("", spec.action)};
  for (const auto& [name, part] : spec.observation.parts) layout.observation.push_back(part_of(name, part));
  if (layout.observation.empty()) layout.observation.push_back(part_of("", spec.observation));
  return layout;
}

}  // namespace experiments
