// Any Picture of a Gallery as pixels. Nothing here knows which learner made it.
#pragma once

#include "core/picture.h"

namespace render {

// [H, W, 3]. The size follows from kind, shape and labels alone, so that a picture keeps it through a run:
//   image   tiles in rows, each enlarged by a whole factor, labels beneath when given
//   points  scatter in its extent, by class     grid    heat map in its extent, viridis, with a scale
//   matrix  cells with their numbers and labels  text    words, wrapped and cut at the lower edge
// Error when shape and data disagree. NaN shows as grey.
core::Image draw(const core::Picture& picture);

}  // namespace render
