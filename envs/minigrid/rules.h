// What an action does in a world of MiniGrid, and what it means for the episode.
#pragma once

#include "core/random.h"
#include "envs/minigrid/levels.h"

namespace envs::minigrid {

enum Move : int64_t { turn_left, turn_right, go_forward, pick_up, put_down, toggle, done };

enum class Verdict : uint8_t { goes_on, won, lost, hit };  // hit: lost, and it costs 1

inline constexpr Cell rolling_ball = cell(Object::ball, Colour::blue);

// Turns, walks, carries and opens; won on the goal, lost in lava.
Verdict move(World& world, int64_t action);
// The same in the level, whose task may end the episode otherwise. `random` rolls the obstacles.
Verdict pursue(const Level& level, World& world, int64_t action, core::Pcg64& random);

}  // namespace envs::minigrid
