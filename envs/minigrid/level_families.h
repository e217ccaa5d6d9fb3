// The rows of MiniGrid's table of levels, by family: one file each.
#pragma once

#include <vector>

#include "envs/minigrid/levels.h"

namespace envs::minigrid {

std::vector<Level> chains_of_rooms();   // MultiRoom
std::vector<Level> crossings();         // LavaCrossing, SimpleCrossing
std::vector<Level> door_rooms();        // GoToDoor, RedBlueDoors
std::vector<Level> key_corridors();     // KeyCorridor
std::vector<Level> locked_rooms();      // LockedRoom, Playground
std::vector<Level> memories();          // Memory
std::vector<Level> obstacle_rooms();    // Dynamic-Obstacles
std::vector<Level> obstructed_mazes();  // ObstructedMaze
std::vector<Level> open_rooms();        // Empty, DoorKey, FourRooms, LavaGap, DistShift
std::vector<Level> things_in_a_room();  // Fetch, GoToObject, PutNear
std::vector<Level> unlocking();         // Unlock, UnlockPickup, BlockedUnlockPickup

}  // namespace envs::minigrid
