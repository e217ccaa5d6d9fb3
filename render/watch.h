// `atelier watch`: episodes in a window, or as pictures in a folder where there is no display.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace render {

struct WatchOptions {
  std::filesystem::path episodes_file;  // recorded episodes; empty: play `env` with `policy`
  std::string env;                      // id, or an `env:` section as YAML
  std::string policy = "heuristic";     // random | heuristic
  std::optional<int64_t>
      episode;        // its number, from the end when negative; none: the last recorded, the first played
  uint64_t seed = 0;  // of the first played episode
  std::filesystem::path frames;   // write frame_000000.png ... here, without a display; empty: open a window
  std::filesystem::path record;   // a film of the episode, .gif or .mp4, likewise
  std::filesystem::path svg;      // one frame of it, at `step`, likewise
  int64_t step = 0;               // 0 .. length; from the end when negative
  int width = 800, height = 600;  // pixels
  double speed = 1;               // times the environment's own
  std::filesystem::path screenshot;  // of the window, after `seconds`
  double seconds = 0;                // closes the window by itself; 0: never
  std::string keys;                  // pressed one a frame from the start, as "space right h"; for tests

  bool headless() const { return !frames.empty() || !record.empty() || !svg.empty(); }
};

// Exit code. Error: no display (names --frames and --record), no episode, an unknown environment, a folder
// that cannot be written.
int watch(const WatchOptions& options);

// The frames of one episode, a pure function of it; files frame_*.png that are there already give way.
// Returns how many were written.
int64_t write_frames(const WatchOptions& options);
// The same frames as a film at the environment's own speed. Error (exit code 3) without ffmpeg.
void record_film(const WatchOptions& options);
// One of the frames.
void write_svg(const WatchOptions& options);

// The episodes that the options ask for, and the index of the first one to be seen.
struct Reel;
Reel reel_of(const WatchOptions& options);
int64_t first_episode(const WatchOptions& options, const Reel& reel);

// The window alone, over any reel. Needs a display.
class Viewer;
int show(Viewer& viewer, const WatchOptions& options);

// Error unless a window can be opened: SFML would abort the process.
void require_display();

}  // namespace render
