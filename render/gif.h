// Moving pictures of recorded episodes, encoded by ffmpeg.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/picture.h"

namespace render {

// A looping GIF of frames of equal size, [H, W, 3] each, shown `fps` a second, in 64 colours of its own;
// nothing when ffmpeg (Debian: ffmpeg) is not installed. Error when ffmpeg refuses.
std::optional<std::string> gif_bytes(const std::vector<core::Image>& frames, double fps);

}  // namespace render
