// What a frame shows: the environment's scene and, beneath it, a slim strip that says what it is.
#pragma once

#include <string>

#include "core/canvas.h"
#include "render/player.h"

namespace render {

// Fills the canvas, `width` x `height` pixels. A pure function of the player's episode and step.
void draw_page(core::Canvas& canvas, double width, double height, const Player& player);
// The same with words of a viewer ("paused", "2x") at the strip's right end.
void draw_page(core::Canvas& canvas, double width, double height, const Player& player,
               const std::string& state);
// A panel in the middle: a title and rows of (key, what it does).
void draw_help(core::Canvas& canvas, double width, double height);

}  // namespace render
