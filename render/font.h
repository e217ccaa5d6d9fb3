// The one font, DejaVu Sans: where it lies and how wide its words are. Both canvases use the same file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace render {

// The font file; searched in $ATELIER_FONT and the usual folders. Error(missing_package) that names its
// package.
const std::filesystem::path& font_file();

// Height of a capital letter over the font's size.
inline constexpr double capital = 0.729;

// Width of one line whose capitals are `height` high, in the unit of `height`. UTF-8.
double text_width(std::string_view words, double height);
// The longest beginning of `words` that fits into `width`; with an ellipsis when something was cut.
std::string shorten(std::string_view words, double height, double width);
// The same with an `end` that stays whole, as long as it fits at all.
std::string shorten_before(std::string_view words, std::string_view end, double height, double width);

}  // namespace render
