// `atelier watch`: agents at play and models learning in a window, or as files where there is no display.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "render/reel.h"

namespace render {

// What one side of the window shows; the first of these that is given counts.
struct Source {
  // Episodes that somebody plays meanwhile, the first `wanted` of which are there.
  std::function<Reel(int64_t wanted)> reel;
  std::filesystem::path episodes_file;  // recorded episodes
  std::filesystem::path run;            // a run folder: its episodes, else its pictures; curves in any case
  std::shared_ptr<const std::filesystem::path> pictures =
      {};                            // a run folder whose pictures stand for `run`'s
  std::string env;                   // id, or an `env:` section as YAML, played by `policy`
  std::string policy = "heuristic";  // random | heuristic | human
};

struct WatchOptions {
  std::vector<Source> sources;  // one, or two side by side
  std::optional<int64_t>
      episode;          // its number, from the end when negative; none: the last recorded, the first played
  uint64_t seed = 0;    // of the first played episode
  std::string tile;     // "4x4"; empty: one episode of each source
  std::string picture;  // of a model: its name; empty: the first kind
  std::optional<std::string> metric;  // its curve beside the picture; "": the score's
  bool overlays = false;              // beside a single episode
  double speed = 1;                   // times the environment's own, 0.1 .. 50
  int width = 800, height = 600;      // pixels

  std::filesystem::path frames;  // write frame_000000.png ... here, without a display; empty: open a window
  std::filesystem::path record;  // a film, .gif or .mp4, likewise
  std::filesystem::path svg;     // one frame, at `step`, likewise
  std::optional<int64_t> max_steps;  // of a played episode and of what is drawn; none: as many as are usual
  int64_t step = 0;                  // 0 .. length; from the end when negative

  std::filesystem::path screenshot;  // of the window, after `seconds`
  double seconds = 0;                // closes the window by itself; 0: never
  std::string keys;                  // pressed one a frame from the start, as "space right h"

  bool headless() const { return !frames.empty() || !record.empty() || !svg.empty(); }
};

// Exit code. Error: no display (names --frames and --record), nothing to show, an unknown environment or
// metric, a folder that cannot be written.
int watch(const WatchOptions& options);

class Viewer;
// Whether a run has recorded episodes or pictures.
bool holds_something(const std::filesystem::path& run);
// Over all sources. Error as watch().
Viewer viewer_of(const WatchOptions& options);

// One picture for each step, a pure function of what was recorded; files frame_*.png that are there already
// give way. Returns how many were written.
int64_t write_frames(const WatchOptions& options);
// The same frames as a film at the show's own speed. Error (exit code 3) without ffmpeg.
void record_film(const WatchOptions& options);
// One of the frames.
void write_svg(const WatchOptions& options);

// The window alone, over any viewer. Needs a display.
int show(Viewer& viewer, const WatchOptions& options);

// Error unless a window can be opened: SFML would abort the process.
void require_display();

}  // namespace render
