// The rows of the table of environments, by family: each folder's own all.cpp.
#pragma once

#include <vector>

#include "envs/all.h"

namespace envs {

std::vector<Entry> arcade_games();
std::vector<Entry> box2d();
std::vector<Entry> classic_control();
std::vector<Entry> exploration();
std::vector<Entry> gridworld();
std::vector<Entry> minigrid_levels();
std::vector<Entry> toy_text();
std::vector<Entry> two_player_games();

}  // namespace envs
