// What the viewer shows as files, without a display: PNG frames, a film, a single frame as SVG.
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "core/error.h"
#include "core/whole_file.h"
#include "render/cairo_canvas.h"
#include "render/film.h"
#include "render/viewer/viewer.h"
#include "render/viewer/watch.h"

namespace render {

namespace {

// A longer recording's frames must not stay behind a shorter one's.
void clear_frames(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.rfind("frame_", 0) == 0 && entry.path().extension() == ".png")
      std::filesystem::remove(entry.path());
  }
}

Viewer opened(const WatchOptions& options) {
  Viewer viewer = viewer_of(options);
  core::check(!std::holds_alternative<Waiting>(viewer.show()), "{}", viewer.caption().title);
  core::check(!std::holds_alternative<Human>(viewer.show()), "--policy human plays in a window only");
  return viewer;
}

// The stage that episodes are played on; else null.
const Stage* staged(const Viewer& viewer) { return std::get_if<Stage>(&viewer.show()); }

bool is_endless(const Stage& stage) { return stage.player().spec().max_episode_steps == 0; }

// What is drawn ends there, if anywhere: as was asked for, or where an environment sets no time limit.
std::optional<int64_t> limit(const Viewer& viewer, const WatchOptions& options) {
  const Stage* stage = staged(viewer);
  if (stage && !options.max_steps && is_endless(*stage)) return usual_steps;
  return options.max_steps;
}

// Steps that are drawn.
int64_t drawn(const Viewer& viewer, const WatchOptions& options) {
  return std::min(viewer.length(), limit(viewer, options).value_or(viewer.length()));
}

std::string frames_text(int64_t frames) { return frames == 1 ? "1 frame" : fmt::format("{} frames", frames); }

void say_of_limit(const Viewer& viewer, const WatchOptions& options) {
  const auto most = limit(viewer, options);
  const Stage* stage = staged(viewer);
  if (!stage || !most || viewer.length() < *most) return;
  const std::string why = stage->player().format().env_id + " has no time limit: ";
  std::cout << fmt::format("{}stopped after {} steps (--max-steps)\n", is_endless(*stage) ? why : "", *most);
}

void say(const std::filesystem::path& where, const std::string& what, const Viewer& viewer) {
  const Caption words = viewer.caption();
  const std::string rest = words.detail.empty() ? "" : "  \u00b7  " + words.detail;
  std::cout << fmt::format("{}: {} of {}{}\n", where.string(), what, words.title, rest);
  if (!words.warning.empty()) std::cout << words.warning << '\n';
}

// Why it is this picture, where nobody has chosen one.
void say_of_choice(const Viewer& viewer, const WatchOptions& options) {
  const auto* album = std::get_if<Album>(&viewer.show());
  if (!album || !options.picture.empty() || album->kinds().size() < 2) return;
  std::cout << fmt::format("{} is the newest, first drawn of its step; --picture chooses among {}\n",
                           album->kind(), fmt::join(album->kinds(), ", "));
}

}  // namespace

int64_t write_frames(const WatchOptions& options) {
  Viewer viewer = opened(options);
  const core::MadeFolder made(options.frames);
  clear_frames(options.frames);
  CairoCanvas canvas(options.width, options.height);
  const int64_t last = drawn(viewer, options);
  for (int64_t t = 0; t <= last; ++t) {
    viewer.seek(t);
    viewer.draw(canvas, options.width, options.height);
    canvas.save_png(options.frames / fmt::format("frame_{:06}.png", t));
  }
  say(options.frames, frames_text(last + 1), viewer);
  say_of_choice(viewer, options);
  say_of_limit(viewer, options);
  return last + 1;
}

void record_film(const WatchOptions& options) {
  check_film_name(options.record);
  Viewer viewer = opened(options);
  CairoCanvas canvas(options.width, options.height);
  const auto draw = [&](int64_t t) {
    viewer.seek(t);
    viewer.draw(canvas, options.width, options.height);
    return canvas.image();
  };
  const int64_t frames = drawn(viewer, options) + 1;
  write_film(options.record, {options.width, options.height, options.speed * viewer.rate(), frames, draw});
  say(options.record, frames_text(frames), viewer);
  say_of_choice(viewer, options);
  say_of_limit(viewer, options);
}

void write_svg(const WatchOptions& options) {
  Viewer viewer = opened(options);
  const int64_t t = options.step < 0 ? viewer.length() + 1 + options.step : options.step;
  core::check(t >= 0 && t <= viewer.length(), "--step {}: expected 0 .. {} (or -1, the last)", options.step,
              viewer.length());
  viewer.seek(t);
  CairoCanvas canvas = CairoCanvas::svg(options.svg, options.width, options.height);
  viewer.draw(canvas, options.width, options.height);
  canvas.finish();
  say(options.svg, fmt::format("step {}", t), viewer);
  say_of_choice(viewer, options);
}

}  // namespace render
