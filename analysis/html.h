// Pieces of a page that stands alone: no network, opens from disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/picture.h"

namespace analysis::html {

std::string escape(std::string_view words);  // & < > "
std::string base64(std::string_view bytes);
// <img> with the picture inside, and its words beneath.
std::string picture(const core::Image& image, const std::string& caption);
// The same with a moving one, the bytes of a GIF.
std::string film(std::string_view gif, const std::string& caption);
// Cells are escaped; the first row is the head.
std::string table(const std::vector<std::vector<std::string>>& rows);
std::string details(const std::string& summary, const std::string& inside);  // opens on a click
std::string preformatted(const std::string& text);
// The whole page around `body`; `style` is added to the house's own.
std::string page(const std::string& title, const std::string& body, const std::string& style);

}  // namespace analysis::html
