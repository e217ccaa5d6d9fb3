// Colours and shapes that the environments' drawings share, so that they look like one family.
#pragma once

#include "core/canvas.h"

namespace envs::scene {

inline constexpr core::Color paper{250, 249, 245}, grid{222, 221, 214}, ink{44, 48, 56}, steel{96, 108, 124};
inline constexpr core::Color body{193, 102, 72}, goal{72, 148, 106}, force{48, 112, 184}, danger{176, 58, 62};

// A straight arrow between two points; `width` is its shaft's.
void arrow(core::Canvas& canvas, core::Vec from, core::Vec to, core::Color color, double width);

// A bow with a head around `center`: counter-clockwise for positive strengths, longer with |strength| up
// to 1.
void turn_arrow(core::Canvas& canvas, core::Vec center, double radius, double strength);

}  // namespace envs::scene
