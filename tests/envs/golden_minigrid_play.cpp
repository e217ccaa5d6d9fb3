// MiniGrid's levels from their seeds, and episodes in them, against what tests/record_minigrid.py recorded of
// the real one: check sums of the level, of all that every step returned, and of the world in the end.
#include <fmt/format.h>
#include <zlib.h>

#include <map>

#include "tests/catch.h"
#include "tests/envs/golden_checks.h"
#include "tests/envs/minigrid_room.h"

namespace tests {

namespace {

using namespace envs::minigrid;

uint32_t crc_of(const std::string& bytes, uint32_t before = 0) {
  return uint32_t(crc32(before, reinterpret_cast<const Bytef*>(bytes.data()), uInt(bytes.size())));
}

std::string bytes_of(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += char(value);
  return bytes;
}

uint32_t crc_of(const World& world) {
  std::string bytes = bytes_of({world.grid.width(), world.grid.height(), world.x, world.y, world.direction});
  for (int x = 0; x < world.grid.width(); ++x)
    for (int y = 0; y < world.grid.height(); ++y) {
      const Cell c = world.grid.at(x, y);
      bytes += bytes_of({int(object(c)), int(colour(c)), int(door(c))});
    }
  return crc_of(bytes);
}

// All that a step returned, and what of the world shows in no view.
std::string step_bytes(const Batch& batch, const World& world) {
  constexpr size_t image_and_direction = 7 * 7 * 3 + 1;
  std::string bytes(reinterpret_cast<const char*>(batch.obs.data()), image_and_direction);
  bytes += bytes_of({world.x, world.y, int(object(world.carried)), int(colour(world.carried))});
  bytes.append(reinterpret_cast<const char*>(batch.reward.data()), sizeof(float));
  return bytes + bytes_of({batch.terminated[0], batch.truncated[0]});
}

// The mission as the observation says it.
std::string mission_seen(const Batch& batch) {
  const envs::Space& space = batch.envs->spec().observation.parts.at(2).space;
  const auto* symbols = reinterpret_cast<const uint8_t*>(batch.obs.data() + batch.obs_bytes) - space.size();
  if (space.is_discrete()) return space.names.at(symbols[0]);
  std::string words;
  for (int64_t k = 0; k < space.size() && symbols[k]; ++k)
    words += (k ? " " : "") + vocabulary().at(symbols[k]);
  return words;
}

std::string without_commas(std::string text) {
  std::erase(text, ',');
  return text;
}

void check_level(const Room& room, const World& world, const GoldenFile& file, size_t row) {
  const auto fail = [&](const char* what) { FAIL_CHECK(file.where(row) << ": " << what << " differs"); };
  if (fmt::format("{:08x}", crc_of(world)) != file.text(row, "level")) fail("the level");
  const Mission& mission = find_level(file.text(row, "env"))->mission;
  if (mission.text(world.said) != file.text(row, "mission")) fail("the mission");
  const std::string seen = mission_seen(room.batch);
  if (without_commas(seen) != without_commas(file.text(row, "mission"))) fail("the mission seen");
}

// The steps played, to the first that differs.
size_t play_row(Room& room, const GoldenFile& file, size_t row) {
  const std::string& actions = file.text(row, "actions");
  const std::string& checks = file.text(row, "checks");
  uint32_t crc = 0;
  for (size_t t = 0; t < actions.size(); ++t) {
    room.batch.discrete[0] = actions[t] - '0';
    room.batch.step();
    crc = crc_of(step_bytes(room.batch, room.world()), crc);
    if (fmt::format("{:02x}", crc & 255) == checks.substr(2 * t, 2)) continue;
    FAIL_CHECK(file.where(row) << ": step " << t << " differs");
    return t;
  }
  if (fmt::format("{:08x}", crc_of(room.world())) != file.text(row, "end"))
    FAIL_CHECK(file.where(row) << ": the world in the end differs");
  return actions.size();
}

}  // namespace

void check_minigrid_play(const GoldenFile& file, const envs::Entry&) {
  std::map<std::string, Room> rooms;
  std::map<std::string, int> won;
  size_t steps = 0;
  for (size_t row = 0; row < file.rows.size(); ++row) {
    const std::string& id = file.text(row, "env");
    Room& room = rooms.try_emplace(id, envs::all().at(id, file.where(row))).first->second;
    room.batch.reset(std::stoull(file.text(row, "seed")));
    check_level(room, room.world(), file, row);
    steps += play_row(room, file, row);
    won[id] += room.batch.reward[0] > 0;
  }
  for (const envs::minigrid::Level& level : levels()) {
    INFO(level.id);
    CHECK(rooms.contains(level.id));
  }
  CHECK(steps > 10 * rooms.size());
}

}  // namespace tests
