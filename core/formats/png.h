// PNG pictures, by libpng.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/formats/jpeg.h"

namespace core::formats {

// Height and width; the text says what is wrong, empty: nothing.
std::string png_size(std::span<const uint8_t> bytes, PictureShape& shape);
// Decodes into `pixels`, [height, width, channels], what is transparent as black; likewise.
std::string decode_png(std::span<const uint8_t> bytes, const PictureShape& shape, uint8_t* pixels);

}  // namespace core::formats
