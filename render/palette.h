// The one palette of window, charts and HTML: colours that stay apart for colour-blind eyes.
//
// Series: Okabe & Ito, "Color Universal Design" (2008), the seven colours that are legible on white: any two
// are at least 15 apart (CIE 1976) for normal, protanopic, deuteranopic and tritanopic eyes. Maps: viridis
// (van der Walt & Smith 2015, CC0), perceptually even from dark to light; `ramp` runs from paper to the first
// series colour, for cells with numbers in them.
#pragma once

#include <array>
#include <string>

#include "core/canvas.h"

namespace render {

namespace palette {
inline constexpr core::Color paper{255, 255, 255};  // behind everything
inline constexpr core::Color panel{243, 244, 246};  // strips, empty plots
inline constexpr core::Color rule{209, 213, 219};   // frames, grid lines
inline constexpr core::Color quiet{103, 110, 124};  // secondary words: 5.1:1 on paper, 4.7:1 on panel
inline constexpr core::Color ink{31, 41, 55};       // words
inline constexpr core::Color warning{213, 94, 0};   // what went wrong or ended
inline constexpr std::array<core::Color, 7> series{{{0, 114, 178},    // blue
                                                    {213, 94, 0},     // vermilion
                                                    {0, 158, 115},    // bluish green
                                                    {86, 180, 233},   // sky blue
                                                    {204, 121, 167},  // reddish purple
                                                    {230, 159, 0},    // orange
                                                    {31, 41, 55}}};   // ink
}  // namespace palette

// The colour of the k-th run, class or curve; goes round after seven.
core::Color series_color(size_t k);
// 0 dark .. 1 light; values outside are clamped, NaN is `rule`.
core::Color viridis(double value);
// 0 paper .. 1 the first series colour, darkened.
core::Color ramp(double value);
// 0 black .. 1 white: relative luminance of sRGB (WCAG 2.1).
double luminance(core::Color color);
// Ink or paper, whichever is easier to read on `ground`.
core::Color words_on(core::Color ground);
std::string hex(core::Color color);  // "#0072b2"

}  // namespace render
