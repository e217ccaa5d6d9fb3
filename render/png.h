// PNG files and bytes of core::Image.
#pragma once

#include <filesystem>
#include <string>

#include "core/picture.h"

namespace render {

// The whole file as bytes; channels 1, 3 or 4.
std::string png_bytes(const core::Image& image);
// Into a temporary file first, then renamed. Error when the folder does not take it.
void write_png(const core::Image& image, const std::filesystem::path& file);
// [H, W, 3]; Error for what is no PNG.
core::Image read_png(const std::filesystem::path& file);

}  // namespace render
