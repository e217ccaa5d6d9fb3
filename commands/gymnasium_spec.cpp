#include "commands/gymnasium_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/formats/json.h"
#include "envs/minigrid/levels.h"
#include "render/player.h"

namespace commands {

using nlohmann::ordered_json;

namespace {

// gymnasium/envs/__init__.py: where Gymnasium has the environments that are here too, and with which keyword
// arguments.
struct Registered {
  const char *id, *entry_point;
  ordered_json kwargs = ordered_json::object();
  const char* vector_entry_point = nullptr;
};

const std::vector<Registered>& registered() {
  static const ordered_json none = ordered_json::object();
  static const char* const many_carts = "classic_control.cartpole:CartPoleVectorEnv";
  static const std::vector<Registered> rows{
      {"Acrobot-v1", "classic_control.acrobot:AcrobotEnv"},
      {"BipedalWalker-v3", "box2d.bipedal_walker:BipedalWalker"},
      {"BipedalWalkerHardcore-v3", "box2d.bipedal_walker:BipedalWalker", {{"hardcore", true}}},
      {"Blackjack-v1", "toy_text.blackjack:BlackjackEnv", {{"sab", true}, {"natural", false}}},
      {"CarRacing-v3", "box2d.car_racing:CarRacing"},
      {"CartPole-v0", "classic_control.cartpole:CartPoleEnv", none, many_carts},
      {"CartPole-v1", "classic_control.cartpole:CartPoleEnv", none, many_carts},
      {"CliffWalking-v1", "toy_text.cliffwalking:CliffWalkingEnv"},
      {"CliffWalkingSlippery-v1", "toy_text.cliffwalking:CliffWalkingEnv", {{"is_slippery", true}}},
      {"FrozenLake-v1", "toy_text.frozen_lake:FrozenLakeEnv", {{"map_name", "4x4"}}},
      {"FrozenLake8x8-v1", "toy_text.frozen_lake:FrozenLakeEnv", {{"map_name", "8x8"}}},
      {"LunarLander-v3", "box2d.lunar_lander:LunarLander"},
      {"LunarLanderContinuous-v3", "box2d.lunar_lander:LunarLander", {{"continuous", true}}},
      {"MountainCar-v0", "classic_control.mountain_car:MountainCarEnv"},
      {"MountainCarContinuous-v0", "classic_control.continuous_mountain_car:Continuous_MountainCarEnv"},
      {"Pendulum-v1", "classic_control.pendulum:PendulumEnv"},
      {"Taxi-v4", "toy_text.taxi:TaxiEnv"},
      {"phys2d/CartPole-v1", "phys2d.cartpole:CartPoleJaxEnv", none, "phys2d.cartpole:CartPoleJaxVectorEnv"},
      {"phys2d/Pendulum-v0", "phys2d.pendulum:PendulumJaxEnv", none, "phys2d.pendulum:PendulumJaxVectorEnv"}};
  return rows;
}

const Registered* registered(const std::string& id) {
  const auto& rows = registered();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

// The keyword arguments that each class takes, and our options for them.
struct Keyword {
  std::string theirs, ours;
};

const std::vector<Keyword>& keywords(const Registered& row) {
  static const std::map<std::string, std::vector<Keyword>> table{
      {"AcrobotEnv", {}},
      {"BipedalWalker", {{"hardcore", "hardcore"}}},
      {"BlackjackEnv", {{"natural", "natural"}, {"sab", "sab"}}},
      {"CarRacing",
       {{"lap_complete_percent", "lap_complete_percent"},
        {"domain_randomize", "domain_randomize"},
        {"continuous", "continuous"}}},
      {"CartPoleEnv", {{"sutton_barto_reward", "sutton_barto_reward"}}},
      {"CartPoleJaxEnv", {}},
      {"CliffWalkingEnv", {{"is_slippery", "is_slippery"}}},
      {"Continuous_MountainCarEnv", {{"goal_velocity", "goal_velocity"}}},
      {"FrozenLakeEnv",
       {{"map_name", "map_name"},
        {"desc", "map"},
        {"is_slippery", "is_slippery"},
        {"success_rate", "success_rate"},
        {"reward_schedule", "reward_schedule"}}},
      {"LunarLander",
       {{"gravity", "gravity"},
        {"enable_wind", "enable_wind"},
        {"wind_power", "wind_power"},
        {"turbulence_power", "turbulence_power"}}},
      {"MountainCarEnv", {{"goal_velocity", "goal_velocity"}}},
      {"PendulumEnv", {{"g", "gravity"}}},
      {"PendulumJaxEnv", {}},
      {"TaxiEnv",
       {{"is_rainy", "is_rainy"},
        {"rainy_probability", "rainy_probability"},
        {"fickle_passenger", "fickle_passenger"},
        {"fickle_probability", "fickle_probability"}}}};
  const std::string entry = row.entry_point;
  return table.at(entry.substr(entry.find(':') + 1));
}

// ---- ours as theirs ----

ordered_json json_of(const core::Value& value) {
  using Kind = core::Value::Kind;
  if (value.kind == Kind::null) return nullptr;
  if (value.kind == Kind::list) {
    ordered_json all = ordered_json::array();
    for (const core::Value& item : value.items) all.push_back(json_of(item));
    return all;
  }
  if (value.quoted) return value.scalar;
  const auto read = core::formats::parse_json<ordered_json>(value.scalar);  // a number or a truth value
  return read.is_discarded() ? ordered_json(value.scalar) : read;
}

core::Value section_of(const envs::Options& options) { return core::parse_yaml(options.yaml(), "env"); }

core::Value shipped(const std::string& id) {
  return section_of(render::env_options({.env_id = id, .env_options = "id: " + id}));
}

// The keyword arguments of these options; nothing where one of them is beyond Gymnasium. The time limit is no
// keyword, and both precisions are the same task.
std::optional<ordered_json> kwargs_of(const Registered& row, const envs::Options& options) {
  ordered_json kwargs = row.kwargs;
  const core::Value defaults = shipped(row.id), section = section_of(options);
  for (const auto& member : section.members) {
    const core::Value* usual = defaults.find(member.key);
    if (member.key == "precision" || member.key == "max_episode_steps") continue;
    if (usual && core::to_yaml(*usual) == core::to_yaml(member.value)) continue;
    const auto& all = keywords(row);
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Keyword& k) { return k.ours == member.key; });
    if (found == all.end()) return std::nullopt;
    kwargs[found->theirs] = json_of(member.value);
  }
  const auto map = kwargs.find("map_name");
  if (map != kwargs.end() && *map == "random") return std::nullopt;  // which Gymnasium draws by other words
  return kwargs;
}

}  // namespace

std::string env_spec_json(const envs::Options& options) {
  const Registered* row = registered(options.id);
  const auto kwargs = row ? kwargs_of(*row, options) : std::nullopt;
  if (!kwargs) return "";
  const envs::Spec spec = options.make(1)->spec();
  const std::string package = "gymnasium.envs.";
  ordered_json json{{"id", row->id},
                    {"entry_point", package + row->entry_point},
                    {"reward_threshold", nullptr},
                    {"nondeterministic", false},
                    {"max_episode_steps", nullptr},
                    {"order_enforce", true},
                    {"disable_env_checker", false},
                    {"kwargs", *kwargs},
                    {"additional_wrappers", ordered_json::array()},
                    {"vector_entry_point", nullptr}};
  if (spec.reward_threshold) json["reward_threshold"] = *spec.reward_threshold;
  if (spec.max_episode_steps > 0) json["max_episode_steps"] = spec.max_episode_steps;
  if (row->vector_entry_point) json["vector_entry_point"] = package + row->vector_entry_point;
  return json.dump();
}

// ---- theirs as ours ----

namespace {

// What MiniGrid's ids are registered with is in our levels.
bool level_has(const envs::minigrid::Level& level, const std::string& key, const ordered_json& value) {
  const auto& maze = level.maze;
  const ordered_json own{{"size", level.height},
                         {"num_crossings", level.crossings},
                         {"obstacle_type", level.obstacle == envs::minigrid::wall ? "wall" : "lava"},
                         {"numObjs", level.things},
                         {"n_obstacles", level.things},
                         {"minNumRooms", level.rooms},
                         {"maxNumRooms", level.rooms},
                         {"maxRoomSize", level.room_size},
                         {"room_size", level.room_size},
                         {"num_rows", level.rooms},
                         {"strip2_row", level.lava_row},
                         {"random_length", level.random},
                         {"agent_room", {maze.agent_room.x, maze.agent_room.y}},
                         {"key_in_box", maze.key_in_box},
                         {"blocked", maze.blocked},
                         {"num_quarters", maze.quarters},
                         {"num_rooms_visited", level.limit / (4 * 36)}};
  if (const auto found = own.find(key); found != own.end()) return value == *found;
  return key == "agent_start_pos" && value.is_null() && level.id.find("Random") != std::string::npos;
}

// Whether the id itself says so already, or it is of no account: null is what Gymnasium's own default is.
bool is_told(const std::string& id, const std::string& key, const ordered_json& value) {
  if (key == "render_mode" || key == "verbose") return true;
  if (const auto* level = envs::minigrid::find_level(id)) return level_has(*level, key, value);
  const Registered* row = registered(id);
  const auto found = row->kwargs.find(key);
  if (found != row->kwargs.end()) return *found == value;
  return value.is_null() || (key == "continuous" && value == false);
}

// The id of ours that has continuous actions, or has not, as the keyword argument says.
std::string variant(const std::string& id, const ordered_json& kwargs) {
  const auto continuous = kwargs.find("continuous");
  if (!id.starts_with("LunarLander") || continuous == kwargs.end()) return id;
  return *continuous == true ? "LunarLanderContinuous-v3" : "LunarLander-v3";
}

struct Reading {
  ordered_json section;  // of `env:`
  std::string strange;

  void take(const Registered* row, const std::string& key, const ordered_json& value) {
    static const std::vector<Keyword> none;
    const auto& all = row ? keywords(*row) : none;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Keyword& k) { return k.theirs == key; });
    if (found == all.end())
      strange = fmt::format("the keyword argument '{}'", key);
    else
      section[found->ours] = value;
  }
};

// What a file from a stranger has under a key, where that is an object, or a list; else an empty one.
ordered_json part_of(const ordered_json& spec, const char* key, ordered_json empty) {
  const auto found = spec.find(key);
  return found != spec.end() && found->type() == empty.type() ? *found : empty;
}

std::string name_of(const ordered_json& wrapper) {
  const auto name = wrapper.is_object() ? wrapper.find("name") : wrapper.end();
  return wrapper.is_object() && name != wrapper.end() && name->is_string() ? name->get<std::string>() : "?";
}

// A null limit of MiniGrid's is its levels' own.
void take_limit(const ordered_json& spec, const Registered* row, ordered_json& section) {
  const auto limit = spec.find("max_episode_steps");
  if (!row || limit == spec.end()) return;
  const int64_t usual = render::make_env({.env_id = row->id, .env_options = ""})->spec().max_episode_steps;
  const double told = limit->is_number() ? limit->get<double>() : 0;
  const int64_t steps = told >= 1 && told <= 1e15 ? static_cast<int64_t>(told) : 0;
  if (steps != usual) section["max_episode_steps"] = steps;
}

Reading read_spec(const ordered_json& spec, const std::string& id) {
  const Registered* row = registered(id);
  const ordered_json kwargs = part_of(spec, "kwargs", ordered_json::object()),
                     wrappers = part_of(spec, "additional_wrappers", ordered_json::array());
  Reading reading{{{"id", id}}, {}};
  for (const auto& [key, value] : kwargs.items())
    if (!is_told(id, key, value)) reading.take(row, key, value);
  for (const ordered_json& wrapper : wrappers)
    reading.strange = fmt::format("the wrapper '{}'", name_of(wrapper));
  take_limit(spec, row, reading.section);
  return reading;
}

}  // namespace

Named from_env_spec(const std::string& text) {
  const auto spec = core::formats::parse_json<ordered_json>(text);
  if (!spec.is_object() || !spec.contains("id") || !spec["id"].is_string()) return {};
  Named named{.id = spec["id"].get<std::string>()};
  const std::string id = variant(named.id, part_of(spec, "kwargs", ordered_json::object()));
  if (!registered(id) && !envs::minigrid::find_level(id)) return named;
  const Reading reading = read_spec(spec, id);
  named.strange = reading.strange;
  if (!named.strange.empty()) return named;
  try {
    named.options = render::env_options({.env_id = id, .env_options = reading.section.dump()}).yaml();
    named.id = id;
  } catch (const core::Error& error) {  // a value that ours does not take: its rows can be read all the same
    named.strange = fmt::format("a keyword argument ({})", error.what());
  }
  return named;
}

}  // namespace commands
