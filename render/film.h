// Films of pictures, GIF or MP4, packed by ffmpeg as a child process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/picture.h"

namespace render {

struct Film {
  int width = 0, height = 0;  // pixels
  double fps = 30;            // frames a second
  int64_t frames = 0;         // at least 1
  std::function<core::Image(int64_t frame)>
      draw;  // [H, W, 3]; of a GIF some are drawn twice, for its colours
};

// Error unless `file` ends in .gif or .mp4; to be asked before a long drawing.
void check_film_name(const std::filesystem::path& file);
// The same frames give the same bytes. A GIF has a palette of its own, of up to 256 colours, and rests a
// second at its end. Error: no ffmpeg (exit code 3, with its package), a file that cannot be written.
void write_film(const std::filesystem::path& file, const Film& film);

}  // namespace render
