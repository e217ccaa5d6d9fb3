// One MiniGrid environment whose world can be looked at, for MiniGrid's tests.
#pragma once

#include <cstring>

#include "core/archive.h"
#include "envs/minigrid/levels.h"
#include "tests/envs/batch.h"

namespace tests {

// A batch of one whose world can be read, and replaced when its episode begins; it stays as it ended.
class Room {
 public:
  explicit Room(const envs::Entry& entry) : batch(entry, "exact", 1) {
    batch.envs->autoreset(false);
    batch.reset(0);
  }
  envs::minigrid::World world() {
    core::Archive saved;
    batch.envs->state(saved);
    envs::minigrid::World world;
    std::memcpy(&world, saved.blobs().at("env0.world").data(), sizeof world);
    return world;
  }
  void place(const envs::minigrid::World& world) {
    batch.reset(0);
    core::Archive saved;
    batch.envs->state(saved);
    auto blobs = saved.blobs();
    std::memcpy(blobs.at("env0.world").data(), &world, sizeof world);
    core::Archive given(blobs);
    batch.envs->state(given);
  }

  Batch batch;
};

}  // namespace tests
