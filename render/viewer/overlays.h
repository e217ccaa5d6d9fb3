// What stands beside an episode: what the policy thought, how the rewards ran, what it saw.
#pragma once

#include "core/canvas.h"
#include "render/player.h"

namespace render {

// From top to bottom, as far as there is room for them and the episode holds them: probabilities of the
// actions, their values (Q), the state's value over time, the reward so far over time, the observation, and
// what the hidden layers put out. Pixels, y up; `word` is the height of capitals.
void draw_overlays(core::Canvas& canvas, core::Rect area, double word, const Player& player);

}  // namespace render
