// Raw frames in a file of a scratch folder, so that a dying ffmpeg cannot take us along.
#include "render/gif.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "core/error.h"
#include "render/files.h"

namespace render {

std::optional<std::string> gif_bytes(const std::vector<core::Image>& frames, double fps) {
  if (frames.empty() || !is_installed("ffmpeg")) return std::nullopt;
  const ScratchFolder scratch;
  std::ofstream raw(scratch / "frames", std::ios::binary);
  for (const core::Image& frame : frames)
    raw.write(reinterpret_cast<const char*>(frame.pixels.data()),
              static_cast<std::streamsize>(frame.pixels.size()));
  raw.close();
  core::check(raw.good(), "{}: cannot be written", (scratch / "frames").string());
  const std::string command = fmt::format(
      "cd '{}' && ffmpeg -nostdin -v error -f rawvideo -pix_fmt rgb24 -s {}x{} -r {:.4g} -i frames "
      "-filter_complex "
      "'split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none:diff_mode=rectangle' "
      "-loop 0 episode.gif > log 2>&1",
      scratch.path().string(), frames[0].width, frames[0].height, fps);
  const bool encoded = std::system(command.c_str()) == 0;
  core::check(encoded, "ffmpeg failed: {}", encoded ? "" : contents(scratch / "log"));
  return contents(scratch / "episode.gif");
}

}  // namespace render
