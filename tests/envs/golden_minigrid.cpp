// MiniGrid: worlds from a seed, and episodes from a given world.
#include <array>

#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/minigrid_room.h"

namespace tests {

namespace {

using namespace envs::minigrid;

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

std::string hex(const uint8_t* values, size_t count) {
  std::string text;
  for (size_t k = 0; k < count; ++k) text += "0123456789abcdef"[values[k] & 15];
  return text;
}

std::string encoded(const Grid& grid) {
  std::string text;
  for (int x = 0; x < grid.width(); ++x)
    for (int y = 0; y < grid.height(); ++y) {
      const Cell c = grid.at(x, y);
      text += hex(std::array{uint8_t(object(c)), uint8_t(colour(c)), uint8_t(door(c))}.data(), 3);
    }
  return text;
}

std::string carried(Cell cell) {
  static constexpr const char* names[] = {"red", "green", "blue", "purple", "yellow", "grey"};
  return cell == empty ? "" : std::string("key ") + names[int(colour(cell))];
}

// The world of a row of minigrid_initial.
World world_of(const GoldenFile& file, size_t row) {
  const auto whole = [&](const char* column) { return int(file.number(row, column)); };
  const std::string& grid = file.text(row, "grid");
  World world;
  world.grid.clear(whole("width"), whole("height"));
  core::check(grid.size() == size_t(3 * whole("width") * whole("height")), "{}: grid of another size",
              file.where(row));
  for (size_t k = 0; k < grid.size() / 3; ++k)
    world.grid.set(
        int(k) / whole("height"), int(k) % whole("height"),
        cell(Object(digit(grid[3 * k])), Colour(digit(grid[3 * k + 1])), Door(digit(grid[3 * k + 2]))));
  world.x = int8_t(whole("agent_x"));
  world.y = int8_t(whole("agent_y"));
  world.direction = uint8_t(whole("agent_dir"));
  return world;
}

bool agent_equal(const World& world, const GoldenFile& file, size_t row) {
  return world.x == int(file.number(row, "agent_x")) && world.y == int(file.number(row, "agent_y")) &&
         world.direction == unsigned(file.number(row, "agent_dir"));
}

void check_world(const GoldenFile& file, size_t row) {
  Room room(envs::all().at(file.text(row, "env"), file.where(row)));
  room.batch.reset(std::stoull(file.text(row, "seed")));
  const World world = room.world();
  const auto fail = [&](const char* what) { FAIL_CHECK(file.where(row) << ": " << what << " differs"); };
  if (world.grid.width() != int(file.number(row, "width"))) fail("the width");
  if (world.grid.height() != int(file.number(row, "height"))) fail("the height");
  if (encoded(world.grid) != file.text(row, "grid")) fail("the grid");
  if (encoded(world_of(file, row).grid) != file.text(row, "grid")) fail("the grid, read and written again,");
  if (!agent_equal(world, file, row)) fail("the agent");
  const auto& mission = room.batch.envs->spec().observation.parts.at(2).space;
  if (mission.names.at(size_t(room.batch.obs.back())) != file.text(row, "mission")) fail("the mission");
}

void check_step(Room& room, const GoldenFile& file, size_t row) {
  Batch& batch = room.batch;
  const auto fail = [&](const char* what) { FAIL_CHECK(file.where(row) << ": " << what << " differs"); };
  batch.discrete[0] = int64_t(file.number(row, "action"));
  batch.step();
  const World world = room.world();
  const auto* obs = reinterpret_cast<const uint8_t*>(batch.obs.data());
  const std::string& image = file.text(row, "obs");
  if (hex(obs, image.size()) != image) fail("the view");
  if (obs[image.size()] != world.direction) fail("the direction");
  if (!agent_equal(world, file, row)) fail("the agent");
  if (carried(world.carried) != file.text(row, "carrying")) fail("what is carried");
  if (batch.reward[0] != float(file.number(row, "reward"))) fail("the reward");
  if (batch.terminated[0] != uint8_t(file.number(row, "terminated"))) fail("terminated");
  if (batch.truncated[0] != uint8_t(file.number(row, "truncated"))) fail("truncated");
}

GoldenFile worlds_file() {
  for (const auto& path : golden_paths())
    if (path.filename().string().starts_with("minigrid_initial.csv")) return load_golden(path);
  core::fail("minigrid_steps needs minigrid_initial beside it");
}

}  // namespace

void check_minigrid_worlds(const GoldenFile& file, const envs::Entry&) {
  for (size_t row = 0; row < file.rows.size(); ++row) check_world(file, row);
}

void check_minigrid_steps(const GoldenFile& file, const envs::Entry&) {
  const GoldenFile worlds = worlds_file();
  std::map<std::string, World> given;  // by environment and episode
  const auto key = [](const GoldenFile& of, size_t row) {
    return of.text(row, "env") + " " + of.text(row, "episode");
  };
  for (size_t row = 0; row < worlds.rows.size(); ++row) given[key(worlds, row)] = world_of(worlds, row);
  std::map<std::string, Room> rooms;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const std::string& id = file.text(row, "env");
    Room& room = rooms.try_emplace(id, envs::all().at(id, file.where(row))).first->second;
    if (file.number(row, "t") == 0) room.place(given.at(key(file, row)));
    check_step(room, file, row);
  }
}

}  // namespace tests
