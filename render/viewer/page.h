// A page of the viewer: sizes that follow from the window's, the strip of words beneath, the panel of keys.
#pragma once

#include <string>
#include <vector>

#include "core/canvas.h"

namespace render {

// Pixels, y up.
struct Sheet {
  double width, height, word;  // word: capitals' height

  double strip() const;  // height of the words beneath
  double pad() const;
  // What is above the strip: all of it, or the left and the right part where there is room for a panel.
  core::Rect content(bool panel) const;
  core::Rect panel() const;
  bool has_panel() const;  // wide and high enough for one
  core::Rect bar() const;  // of progress, at the strip's upper edge
};
Sheet sheet(double width, double height);
inline constexpr double slack = 0.97;  // letters on whole pixels, as a window sets them, are that much wider

// Words on one line no wider than `width`: set smaller where they must be, by a quarter at most, then cut.
void draw_fitting(core::Canvas& canvas, core::Vec at, const std::string& words, double word, double width,
                  core::Color color);

inline constexpr const char* between_pieces = "  \u00b7  ";
// The first pieces of `words` that fit into `width`, at least one, and those behind them.
struct Pieces {
  std::string here, rest;
};
Pieces fitting_pieces(const std::string& words, double word, double width);

// What the strip says, and a sentence that must not be missed. Pieces of the title that find no room go on
// behind the detail; what finds none there is left out, the last first.
struct Caption {
  std::string title, detail;   // left
  std::string progress, note;  // right
  double share = 0;            // of the bar
  bool over = false;           // the progress is an end
  std::string warning = {};
};

void draw_strip(core::Canvas& canvas, const Sheet& sheet, const Caption& caption);
// The caption's warning at the top of `area`.
void draw_warning(core::Canvas& canvas, core::Rect area, double word, const std::string& words);

using KeyRows = std::vector<std::pair<std::string, std::string>>;  // (key, what it does)
// A panel in the middle.
void draw_help(core::Canvas& canvas, const Sheet& sheet, const KeyRows& keys);

}  // namespace render
